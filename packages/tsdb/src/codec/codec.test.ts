import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { decodeTimes, encodeTimes } from './time-codec.ts';
import { decodeValues } from './value-decoder.ts';
import { ValueEncoder } from './value-encoder.ts';

const encoder = new ValueEncoder();

function throughCodec(words: Uint32Array): Uint32Array {
  const writer = new BitWriter();
  const count = words.length / 2;
  encoder.encode(writer, words, 0, count);
  const bytes = writer.view();
  const reader = new BitReader(bytes);
  const values = new Float64Array(count);
  decodeValues(reader, values, 0, count);
  expect(reader.byteOffset).toBe(bytes.length);
  return new Uint32Array(values.buffer);
}

function expectExact(values: Float64Array): void {
  const words = new Uint32Array(values.buffer);
  expect(throughCodec(words)).toEqual(words);
}

/** Shapes that real metrics have, and the odd values in between. */
const odd = fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, -(2 ** 53), 1e308);
const steps = fc.constantFrom(1, 4_096, 0.01, 0.1, 1e-9, 1 / 3);
const walk = fc
  .record({ start: fc.integer({ min: -1e9, max: 1e9 }), step: steps, noise: fc.boolean() })
  .chain(({ start, step, noise }) =>
    fc
      .array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -3, max: 9 }) }, odd), {
        maxLength: 700,
      })
      .map((moves) => {
        let sum = start * step;
        return Float64Array.from(moves, (move) => {
          if (!Number.isInteger(move) || Math.abs(move) > 9 || Object.is(move, -0)) return move;
          sum = noise ? sum + move * step : Math.round(sum / step + move) * step;
          return sum;
        });
      }),
  );
const anyBits = fc
  .array(fc.nat(0xffffffff), { maxLength: 1_000 })
  .map((words) => new Uint32Array(words.length % 2 === 0 ? words : words.slice(1)));

describe('the value codec', () => {
  it('keeps the bits of any 64-bit pattern', () => {
    fc.assert(
      fc.property(anyBits, (words) => {
        expect(throughCodec(words)).toEqual(words);
      }),
    );
  });

  it('keeps the bits of walks, decimals, noise and odd values among them', () => {
    fc.assert(fc.property(walk, expectExact), { numRuns: 300 });
  });

  it('keeps the bits of runs longer than a segment, and of what follows them', () => {
    const run = fc.tuple(fc.oneof(odd, fc.double()), fc.integer({ min: 1, max: 600 }));
    const runs = fc.array(run, { maxLength: 4 });
    fc.assert(
      fc.property(runs, (parts) =>
        expectExact(
          Float64Array.from(parts.flatMap(([value, count]) => Array<number>(count).fill(value))),
        ),
      ),
    );
  });

  it('takes a few bytes for what does not change, a bit for what counts evenly', () => {
    const writer = new BitWriter();
    const constant = Float64Array.from({ length: 7_200 }, () => 4_096.5);
    encoder.encode(writer, new Uint32Array(constant.buffer), 0, constant.length);
    expect(writer.size).toBeLessThan(8);
    writer.clear();
    const even = Float64Array.from({ length: 7_200 }, (_, at) => 1_000 + at * 0.25);
    encoder.encode(writer, new Uint32Array(even.buffer), 0, even.length);
    expect(writer.size).toBeLessThan(200);
  });

  it('does not give up a segment for one NaN', () => {
    const values = Float64Array.from({ length: 240 }, (_, at) => at * 10);
    values[100] = NaN;
    const writer = new BitWriter();
    encoder.encode(writer, new Uint32Array(values.buffer), 0, values.length);
    expect(writer.size).toBeLessThan(40);
  });

  it('ends with an error on bytes that are no values, and never hangs', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 7_200 }),
        (bytes, count) => {
          try {
            decodeValues(new BitReader(bytes), new Float64Array(count), 0, count);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
  });
});

describe('the time codec', () => {
  it('keeps rising times, jitter, gaps and fractions', () => {
    const gaps = fc.array(
      fc.oneof(
        { weight: 10, arbitrary: fc.integer({ min: 990, max: 1_010 }) },
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.constant(0.25),
      ),
      { minLength: 1, maxLength: 800 },
    );
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 2e12 }), gaps, (startMs, steps) => {
        let time = startMs;
        const times = Float64Array.from(steps, (step) => (time += step));
        const writer = new BitWriter();
        encodeTimes(writer, times);
        expect(decodeTimes(new BitReader(writer.view()), times.length)).toEqual(times);
      }),
    );
  });

  it('takes next to nothing for an even grid', () => {
    const writer = new BitWriter();
    encodeTimes(
      writer,
      Float64Array.from({ length: 7_200 }, (_, at) => 1.7e12 + at * 1_000),
    );
    expect(writer.size).toBeLessThan(160);
  });
});
