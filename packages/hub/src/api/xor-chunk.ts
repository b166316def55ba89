/** Prometheus's XOR chunk: up to 65,535 samples, times as differences of differences, values as XOR. */

/** Samples to a chunk, as Prometheus cuts them. */
export const CHUNK_SAMPLES = 120;

/** @param range which samples of the columns; times are whole milliseconds. */
export function encodeXorChunk(
  timesMs: Float64Array,
  values: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
): Uint8Array {
  const bits = new BitWriter(HEAD_BYTES + (to - from) * SAMPLE_BYTES_MAX);
  bits.write(to - from, 16);
  const xor = new XorWriter(bits);
  let delta = 0;
  for (let at = from; at < to; at++) {
    const timeMs = Math.round(timesMs[at] as number);
    if (at === from) bits.zigzagVarint(timeMs);
    else {
      const next = timeMs - Math.round(timesMs[at - 1] as number);
      if (at === from + 1) bits.varint(next);
      else writeDeltaOfDelta(bits, next - delta);
      delta = next;
    }
    xor.write(values, at);
  }
  return bits.finish();
}

const HEAD_BYTES = 24;
/** A bit sequence of 4 + 64 for the time and of 2 + 5 + 6 + 64 for the value. */
const SAMPLE_BYTES_MAX = 20;
const TWO_32 = 2 ** 32;

/** Prefix, its length, and how many bits follow it. */
const TIME_CLASSES = [
  [0b10, 2, 14],
  [0b110, 3, 17],
  [0b1110, 4, 20],
] as const;

function writeDeltaOfDelta(bits: BitWriter, value: number): void {
  if (value === 0) return bits.write(0, 1);
  for (const [prefix, prefixBits, valueBits] of TIME_CLASSES) {
    const half = 2 ** (valueBits - 1);
    if (value < 1 - half || value > half) continue;
    bits.write(prefix, prefixBits);
    return bits.write(value & (2 ** valueBits - 1), valueBits);
  }
  bits.write(0b1111, 4);
  bits.write(Math.floor(value / TWO_32) >>> 0, 32);
  bits.write(value >>> 0, 32);
}

class XorWriter {
  readonly #bits: BitWriter;
  #high = 0;
  #low = 0;
  #leading = -1;
  #trailing = 0;

  constructor(bits: BitWriter) {
    this.#bits = bits;
  }

  write(values: Float64Array, at: number): void {
    const words = new Uint32Array(values.buffer, values.byteOffset + at * 8, 2);
    const [low, high] = [words[0] as number, words[1] as number];
    const xorHigh = (high ^ this.#high) >>> 0;
    const xorLow = (low ^ this.#low) >>> 0;
    this.#high = high;
    this.#low = low;
    if (this.#leading < 0) {
      this.#bits.write(high, 32);
      this.#bits.write(low, 32);
      this.#leading = LEADING_NONE;
    } else if (xorHigh === 0 && xorLow === 0) this.#bits.write(0, 1);
    else this.#difference(xorHigh, xorLow);
  }

  #difference(high: number, low: number): void {
    const bits = this.#bits;
    const leading = Math.min(31, high === 0 ? 32 : Math.clz32(high));
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    bits.write(1, 1);
    if (this.#leading !== LEADING_NONE && leading >= this.#leading && trailing >= this.#trailing)
      bits.write(0, 1);
    else {
      this.#leading = leading;
      this.#trailing = trailing;
      bits.write(1, 1);
      bits.write(leading, 5);
      bits.write((64 - leading - trailing) & 63, 6);
    }
    bits.middle(high, low, { leading: this.#leading, trailing: this.#trailing });
  }
}

const LEADING_NONE = 0xff;

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

class BitWriter {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  /** The lowest `count` bits, at most 32, highest first. */
  write(value: number, count: number): void {
    let left = count;
    while (left > 0) {
      const room = 8 - (this.#bit & 7);
      const take = Math.min(room, left);
      const part = (value >>> (left - take)) & ((1 << take) - 1);
      const at = this.#bit >> 3;
      this.#bytes[at] = (this.#bytes[at] as number) | (part << (room - take));
      this.#bit += take;
      left -= take;
    }
  }

  /** What is left of 64 bits without the leading and the trailing ones. */
  middle(
    high: number,
    low: number,
    { leading, trailing }: { readonly leading: number; readonly trailing: number },
  ): void {
    if (trailing >= 32) return this.write(high >>> (trailing - 32), 64 - leading - trailing);
    this.write(high, 32 - leading);
    this.write(low >>> trailing, 32 - trailing);
  }

  varint(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.write((left % 128) | 128, 8);
    this.write(left, 8);
  }

  zigzagVarint(value: number): void {
    this.varint(value >= 0 ? value * 2 : value * -2 - 1);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, (this.#bit + 7) >> 3);
  }
}
