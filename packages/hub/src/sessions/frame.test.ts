import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeTextFrame, SharedText, type FramePart } from './frame.ts';

interface Parsed {
  readonly compressed: boolean;
  readonly text: string;
}

/** Reads a frame as RFC 6455 and RFC 7692 say. */
function parse(frame: Buffer): Parsed {
  const first = frame[0] as number;
  expect(first & 0x8f).toBe(0x81);
  const short = frame[1] as number;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length =
    short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
  const payload = frame.subarray(start);
  expect(payload.length).toBe(length);
  const compressed = (first & 0x40) !== 0;
  if (!compressed) return { compressed, text: payload.toString() };
  const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);
  const inflated = inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: 2 });
  return { compressed, text: inflated.toString() };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.nat({ max: 70_000 }).map((length) => 'value 1.25,'.repeat(length / 10)),
);
const parts = fc.array(
  fc.oneof(
    text,
    text.map((shared) => new SharedText(shared)),
  ),
  { maxLength: 6 },
);

const joined = (list: readonly FramePart[]): string =>
  list.map((part) => (typeof part === 'string' ? part : part.plain.toString())).join('');

test('a frame reads back as its parts joined, compressed or not', () => {
  fc.assert(
    fc.property(parts, fc.boolean(), (list, compress) => {
      const parsed = parse(encodeTextFrame(list, compress));
      expect(parsed.text).toBe(joined(list));
      if (!compress) expect(parsed.compressed).toBe(false);
    }),
  );
});

test('small frames stay as they are, repetitive large ones shrink', () => {
  expect(parse(encodeTextFrame(['[', new SharedText('{}'), ']'], true)).compressed).toBe(false);
  const frame = encodeTextFrame(['[', new SharedText('0.5,'.repeat(5_000)), ']'], true);
  expect(frame.length).toBeLessThan(500);
  expect(parse(frame)).toEqual({ compressed: true, text: `[${'0.5,'.repeat(5_000)}]` });
});

test('the shared part is compressed once', () => {
  const shared = new SharedText('x'.repeat(2_000));
  expect(shared.deflated).toBe(shared.deflated);
});
