import { LabelSet, sameBits, STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeChunkedRead } from '../../test/chunked-read-decoder.ts';
import { readFrames } from './chunked-read.ts';
import { crc32c } from './crc32c.ts';

test('the checksum is Castagnoli’s', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(STALE_NAN, 0, 0.1, 1e300));
const step = fc.oneof(
  fc.constant(15_000),
  fc.integer({ min: 1, max: 20_000 }),
  fc.integer({ min: 1, max: 2 ** 40 }),
);
const column = fc
  .tuple(fc.integer({ min: -1e12, max: 2e12 }), fc.array(fc.tuple(step, value), { maxLength: 300 }))
  .map(([startMs, samples]) => {
    let timeMs = startMs;
    const timesMs = Float64Array.from(samples, ([step]) => (timeMs += step));
    return { timesMs, values: Float64Array.from(samples, ([, one]) => one) };
  });

test('what is streamed is what was asked for, bit for bit', () => {
  fc.assert(
    fc.property(fc.array(column, { maxLength: 4 }), (columns) => {
      const sent = columns
        .map((one, at) => ({ labels: LabelSet.from({ __name__: 'm', at: `${at}` }), ...one }))
        .filter(({ values }) => values.length > 0);
      const read = decodeChunkedRead(Buffer.concat([...readFrames(sent, 3)]));
      expect(read.map(({ queryIndex }) => queryIndex)).toEqual(sent.map(() => 3));
      expect(read.map(({ labels }) => labels.key)).toEqual(sent.map(({ labels }) => labels.key));
      read.forEach(({ timesMs, values }, at) => {
        expect(timesMs).toEqual([...(sent[at]?.timesMs ?? [])]);
        for (const [of, one] of values.entries())
          expect(sameBits(one, sent[at]?.values[of] ?? 0)).toBe(true);
      });
    }),
  );
});
