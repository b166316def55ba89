/** The codecs of the wire: what goes in comes out, and nothing that comes in can do harm. */
import { LabelSet, type MetricMetadata, sameBits, STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeRequest } from '../../test/remote-write-client.ts';
import { ProtobufError, ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeReadRequest } from './remote-read.ts';
import { snappyDecompress, SnappyError, snappyStore } from './snappy.ts';
import { decodeWriteRequest, type WriteSink } from './write-decoder.ts';

const MAX = 1_000_000;

class Recorder implements WriteSink {
  readonly seen: { labels: LabelSet; timesMs: number[]; values: Float64Array }[] = [];
  readonly described = new Map<string, MetricMetadata>();
  histograms = 0;

  series(_: string, labels: () => LabelSet): void {
    this.seen.push({ labels: labels(), timesMs: [], values: new Float64Array() });
  }

  sample(timeMs: number, value: Float64Array): void {
    const last = this.seen.at(-1);
    if (!last) return;
    last.timesMs.push(timeMs);
    last.values = new Float64Array([...last.values, 0]);
    last.values[last.values.length - 1] = value[0] as number;
  }

  histogram(): void {
    this.histograms++;
  }

  metadata(metric: string, metadata: MetricMetadata): void {
    this.described.set(metric, metadata);
  }
}

function decode(message: Uint8Array): Recorder {
  const recorder = new Recorder();
  decodeWriteRequest(message, recorder);
  return recorder;
}

describe('snappy', () => {
  test('gives back what was stored', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(255), (length, factor) => {
        const bytes = Uint8Array.from({ length }, (_, at) => at * factor);
        expect(Buffer.compare(snappyDecompress(snappyStore(bytes), MAX), bytes)).toBe(0);
      }),
    );
  });

  test('copies what was said before, overlapping too', () => {
    // Eleven bytes: "ab", then nine more from two back.
    const repeated = Uint8Array.of(11, 1 << 2, 97, 98, 1 | (5 << 2), 2);
    expect(new TextDecoder().decode(snappyDecompress(repeated, MAX))).toBe('abababababa');
  });

  test('never reads or writes beyond its bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(snappyDecompress(bytes, 1_000).length).toBeLessThanOrEqual(1_000);
        } catch (error) {
          expect(error).toBeInstanceOf(SnappyError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('protobuf', () => {
  test('whole numbers of both signs', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const writer = new ProtobufWriter();
        writer.int64Field(2, value);
        const reader = new ProtobufReader(writer.finish());
        expect(reader.varint()).toBe(2 << 3);
        expect(reader.int64()).toBe(value);
        expect(reader.at).toBe(reader.bytes.length);
      }),
    );
  });
});

describe('a write request', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
  const series = fc.record({
    labels: fc
      .dictionary(name, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
        minKeys: 1,
      })
      .map((record) => LabelSet.fromEntries(Object.entries(record))),
    samples: fc.array(fc.tuple(fc.maxSafeInteger(), fc.double()), { minLength: 1, maxLength: 5 }),
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 5 }), (list) => {
        const sent = list.map(({ labels, samples }) => ({
          labels,
          timesMs: Float64Array.from(samples, ([timeMs]) => timeMs),
          values: Float64Array.from(samples, ([, value]) => value),
        }));
        const { seen } = decode(snappyDecompress(writeRequest(sent), MAX));
        expect(seen.map(({ labels }) => labels.key)).toEqual(sent.map(({ labels }) => labels.key));
        seen.forEach(({ timesMs, values }, at) => {
          expect(timesMs).toEqual([...(sent[at]?.timesMs ?? [])]);
          values.forEach((value, of) => {
            expect(sameBits(value, sent[at]?.values[of] ?? 0)).toBe(true);
          });
        });
      }),
    );
  });

  test('keeps the bits of a staleness marker', () => {
    const one = { labels: LabelSet.from({ a: 'b' }), timesMs: Float64Array.of(1) };
    const message = snappyDecompress(
      writeRequest([{ ...one, values: Float64Array.of(STALE_NAN) }]),
      MAX,
    );
    expect(sameBits(decode(message).seen[0]?.values[0] ?? 0, STALE_NAN)).toBe(true);
  });

  test('carries metadata, and histograms that are counted', () => {
    const writer = new ProtobufWriter();
    writer.messageField(3, (metadata) => {
      metadata.int64Field(1, 1);
      metadata.textField(2, 'hits_total');
      metadata.textField(4, 'Hits.');
    });
    writer.messageField(1, (one) => {
      one.messageField(1, (label) => {
        label.textField(1, 'a');
        label.textField(2, 'b');
      });
      one.bytesField(4, Uint8Array.of(8, 1));
    });
    const recorder = decode(writer.finish());
    expect(recorder.described.get('hits_total')).toEqual({
      type: 'counter',
      help: 'Hits.',
      unit: '',
    });
    expect(recorder.histograms).toBe(1);
  });

  test.each([
    ['a name twice', ['a', 'a']],
    ['an empty name', ['']],
  ])('with %s is refused', (_, names) => {
    const writer = new ProtobufWriter();
    writer.messageField(1, (one) => {
      for (const label of names)
        one.messageField(1, (field) => {
          field.textField(1, label);
          field.textField(2, 'x');
        });
      one.bytesField(2, Uint8Array.of(16, 1));
    });
    expect(() => decode(writer.finish())).toThrow(RangeError);
  });

  test('of random bytes does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const read of [decode, decodeReadRequest])
          try {
            read(bytes);
          } catch (error) {
            const known = error instanceof ProtobufError || error instanceof RangeError;
            expect(known || (error as Error).name === 'CodedError').toBe(true);
          }
      }),
      { numRuns: 2_000 },
    );
  });
});
