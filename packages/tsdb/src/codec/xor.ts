import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

/**
 * Values as the XOR of each with the one before: a zero bit for "the same", otherwise the meaningful bits,
 * inside the previous window where they fit. For floats that are no decimals. Works on the two 32-bit words
 * of a value, so any bit pattern survives.
 */
export function encodeXor(writer: BitWriter, words: Uint32Array, count: number): void {
  let low = words[0] as number;
  let high = words[1] as number;
  writer.word(low);
  writer.word(high);
  let lead = -1;
  let width = 0;
  for (let at = 1; at < count; at++) {
    const xorLow = (low ^ (words[at * 2] as number)) >>> 0;
    const xorHigh = (high ^ (words[at * 2 + 1] as number)) >>> 0;
    low = words[at * 2] as number;
    high = words[at * 2 + 1] as number;
    if (xorLow === 0 && xorHigh === 0) {
      writer.bits(0, 1);
      continue;
    }
    const leading = Math.min(31, xorHigh === 0 ? 32 + Math.clz32(xorLow) : Math.clz32(xorHigh));
    const trailing = xorLow === 0 ? 32 + trailingZeros(xorHigh) : trailingZeros(xorLow);
    if (lead >= 0 && leading >= lead && trailing >= 64 - lead - width) {
      writer.bits(0b01, 2);
    } else {
      lead = leading;
      width = 64 - leading - trailing;
      writer.bits(0b11, 2);
      writer.bits(lead, 5);
      writer.bits(width - 1, 6);
    }
    writePair(writer, { low: xorLow, high: xorHigh }, 64 - lead - width, width);
  }
  writer.align();
}

/** Reads `count` values into `words`. */
export function decodeXor(reader: BitReader, words: Uint32Array, count: number): void {
  let low = reader.word();
  let high = reader.word();
  words[0] = low;
  words[1] = high;
  let lead = 0;
  let width = 0;
  for (let at = 1; at < count; at++) {
    if (reader.bits(1) === 1) {
      if (reader.bits(1) === 1) {
        lead = reader.bits(5);
        width = reader.bits(6) + 1;
      }
      const trailing = Math.max(0, 64 - lead - width);
      const lowBits = Math.max(0, Math.min(width, 32 - trailing));
      const lowPart = lowBits > 0 ? readWide(reader, lowBits) : 0;
      const highPart = width > lowBits ? readWide(reader, width - lowBits) : 0;
      if (lowBits > 0) low = (low ^ (lowPart << trailing)) >>> 0;
      high = (high ^ (highPart << Math.max(0, trailing - 32))) >>> 0;
    }
    words[at * 2] = low;
    words[at * 2 + 1] = high;
  }
  reader.align();
}

function writePair(
  writer: BitWriter,
  pair: { readonly low: number; readonly high: number },
  trailing: number,
  width: number,
): void {
  const lowBits = Math.max(0, Math.min(width, 32 - trailing));
  if (lowBits > 0) writer.wide(mask(pair.low >>> trailing, lowBits), lowBits);
  const highBits = width - lowBits;
  if (highBits > 0) writer.wide(mask(pair.high >>> Math.max(0, trailing - 32), highBits), highBits);
}

function mask(value: number, bits: number): number {
  return bits >= 32 ? value >>> 0 : (value & (2 ** bits - 1)) >>> 0;
}

function readWide(reader: BitReader, bits: number): number {
  return reader.wide(bits) | 0;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
