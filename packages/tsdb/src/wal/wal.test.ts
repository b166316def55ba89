import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelSet } from '@nowcast/model';
import { wordsOf } from '../block/sample-run.ts';
import { WalDecoder } from './wal-decoder.ts';
import { WalEncoder } from './wal-encoder.ts';
import { encodeFrame, encodeSegmentHeader, segmentParts } from './wal-segment.ts';

const value = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.integer({ min: -1_000, max: 1_000 }).map((one) => one / 100),
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, 2 ** 53, 5e-324),
);
const time = fc.oneof(fc.integer({ min: 0, max: 2e12 }), fc.constant(0.5));
const rows = fc.integer({ min: 1, max: 20 }).chain((width) =>
  fc.array(fc.tuple(time, fc.array(value, { minLength: width, maxLength: width })), {
    minLength: 1,
    maxLength: 300,
  }),
);

function bits(values: Float64Array): string {
  return wordsOf(values).join(' ');
}

interface Row {
  readonly timeMs: number;
  readonly bits: string;
}

function collect(into: Row[]): WalDecoder {
  return new WalDecoder({
    series: () => undefined,
    metadata: () => undefined,
    row: (_, timeMs, values) => into.push({ timeMs, bits: bits(values) }),
  });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('the WAL', () => {
  it('gives back every row bit for bit', () => {
    fc.assert(
      fc.property(rows, (written) => {
        const encoder = new WalEncoder();
        encoder.shape(
          0,
          Uint32Array.from(written[0]?.[1] ?? [], (_, at) => at * 3),
        );
        for (const [timeMs, values] of written) encoder.row(0, timeMs, Float64Array.from(values));
        const read: Row[] = [];
        collect(read).frame(encoder.take());
        expect(read).toEqual(
          written.map(([timeMs, values]) => ({ timeMs, bits: bits(Float64Array.from(values)) })),
        );
      }),
    );
  });

  it('gives back definitions', () => {
    const encoder = new WalEncoder();
    const labels = LabelSet.from({ __name__: 'up', 'naïve 名': 'x' });
    encoder.series(7, labels);
    encoder.metadata('up', { type: 'gauge', help: 'Whether.' });
    encoder.shape(0, Uint32Array.of(7, 3));
    encoder.row(0, 5, Float64Array.of(1, 2));
    const seen: unknown[] = [];
    new WalDecoder({
      series: (ref, one) => seen.push(ref, one.key),
      metadata: (metric, one) => seen.push(metric, one),
      row: (refs, timeMs, values) => seen.push([...refs], timeMs, [...values]),
    }).frame(encoder.take());
    expect(seen).toEqual([
      7,
      labels.key,
      'up',
      { type: 'gauge', help: 'Whether.' },
      [7, 3],
      5,
      [1, 2],
    ]);
  });

  it('loses no more than a damaged frame and the rows that build on it, and never invents a value', () => {
    const damage = fc.record({ at: fc.nat(), bit: fc.nat(7) });
    fc.assert(
      fc.property(
        rows,
        damage,
        fc.integer({ min: 1, max: 9 }),
        (written, { at, bit }, perFrame) => {
          const encoder = new WalEncoder();
          encoder.shape(
            0,
            Uint32Array.from(written[0]?.[1] ?? [], (_, ref) => ref),
          );
          const frames: Uint8Array[] = [encodeSegmentHeader()];
          written.forEach(([timeMs, values], index) => {
            encoder.row(0, timeMs, Float64Array.from(values));
            if (index % perFrame === 0) frames.push(encodeFrame(encoder.take()));
          });
          if (encoder.size > 0) frames.push(encodeFrame(encoder.take()));
          const file = concat(frames);
          const position = at % file.length;
          file[position] = (file[position] ?? 0) ^ (1 << bit);
          const read: Row[] = [];
          const decoder = collect(read);
          for (const part of segmentParts(file))
            if (part.kind === 'frame') decoder.frame(part.payload);
            else decoder.lost();
          const known = new Set(
            written.map(([timeMs, values]) => `${timeMs} ${bits(Float64Array.from(values))}`),
          );
          for (const row of read) expect(known).toContain(`${row.timeMs} ${row.bits}`);
        },
      ),
    );
  });

  it('reads every whole frame of a segment cut anywhere', () => {
    const encoder = new WalEncoder();
    const frames = [encodeSegmentHeader()];
    encoder.shape(0, Uint32Array.of(0));
    for (let at = 0; at < 20; at++) {
      encoder.row(0, at, Float64Array.of(at / 10));
      frames.push(encodeFrame(encoder.take()));
    }
    const file = concat(frames);
    const ends = frames.map((_, at) =>
      frames.slice(0, at + 1).reduce((sum, one) => sum + one.length, 0),
    );
    for (let cut = 0; cut <= file.length; cut++) {
      const parts = [...segmentParts(file.subarray(0, cut))];
      const whole = ends.slice(1).filter((end) => end <= cut).length;
      expect(parts.filter(({ kind }) => kind === 'frame')).toHaveLength(whole);
      expect(parts.some(({ kind }) => kind === 'damage')).toBe(false);
    }
  });
});
