/** The codecs of the wire: what goes in comes out, and nothing that comes in can do harm. */
import { LabelSet, type MetricMetadata, sameBits, STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeRequest } from '../../test/remote-write-client.ts';
import { ProtobufError, ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { decodeReadRequest } from './remote-read.ts';
import { snappyDecompress, SnappyError, snappyStore } from './snappy.ts';
import { decodeWriteRequest } from './write-decoder.ts';
import { decodeWriteRequestV2 } from './write-decoder-v2.ts';
import { readLabels, type UntakenKind, type WriteSink } from './write-sink.ts';

const MAX = 1_000_000;

class Recorder implements WriteSink {
  readonly seen: { labels: LabelSet; timesMs: number[]; values: number[] }[] = [];
  readonly described = new Map<string, MetricMetadata>();
  readonly untakenKinds: UntakenKind[] = [];
  readonly #words = new Int32Array(2);
  readonly #value = new Float64Array(this.#words.buffer);

  expected(): number {
    return -1;
  }

  series(view: DataView, from: number, to: number): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, to - from);
    this.seen.push({ labels: readLabels(bytes), timesMs: [], values: [] });
  }

  sample(timeMs: number, low: number, high: number): void {
    this.#words.set([low, high]);
    this.seen.at(-1)?.timesMs.push(timeMs);
    this.seen.at(-1)?.values.push(this.#value[0] as number);
  }

  untaken(kind: UntakenKind): void {
    this.untakenKinds.push(kind);
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

function decodeV2(message: Uint8Array): Recorder {
  const recorder = new Recorder();
  decodeWriteRequestV2(message, recorder);
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
      .map((record) => LabelSet.fromEntries([['__name__', 'm'], ...Object.entries(record)])),
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
    const one = { labels: LabelSet.from({ __name__: 'b' }), timesMs: Float64Array.of(1) };
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
        label.textField(1, '__name__');
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
    expect(recorder.untakenKinds).toEqual(['histogram']);
  });

  test.each([
    ['a name twice', ['a', 'a']],
    ['an empty name', ['__name__', '']],
    ['no metric name', ['a']],
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
        for (const read of [decode, decodeV2, decodeReadRequest])
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
