/**
 * Reads what `BitWriter` wrote. Bytes past the end read as zero; `overrun` says that it happened, so a caller
 * checks once at the end instead of at each read.
 */
export class BitReader {
  readonly bytes: Uint8Array;
  /** Position in bits. Decoders with a loop of their own take it, run, and put it back. */
  at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from: number = 0, to: number = bytes.length) {
    this.bytes = bytes;
    this.at = from * 8;
    this.#end = to * 8;
  }

  get overrun(): boolean {
    return this.at > this.#end;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  get byteOffset(): number {
    return (this.at + 7) >>> 3;
  }

  bits(count: number): number {
    const value = peekBits(this.bytes, this.at) & (2 ** count - 1);
    this.at += count;
    return value >>> 0;
  }

  /** Up to 53 bits. */
  wide(count: number): number {
    let value = 0;
    let scale = 1;
    let left = count;
    for (; left > 24; left -= 24) {
      value += this.bits(24) * scale;
      scale *= 0x1000000;
    }
    return value + this.bits(left) * scale;
  }

  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  byte(): number {
    this.align();
    const value = this.bytes[this.at >>> 3] ?? 0;
    this.at += 8;
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
    }
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  word(): number {
    this.align();
    const value = peekBits(this.bytes, this.at);
    this.at += 32;
    return value >>> 0;
  }

  float(): number {
    scratchWords[0] = this.word();
    scratchWords[1] = this.word();
    return scratch[0] as number;
  }

  /** A view of the next `length` bytes, shorter where they end. */
  take(length: number): Uint8Array {
    this.align();
    const from = this.at >>> 3;
    this.at += length * 8;
    return this.bytes.subarray(from, Math.min(from + length, this.#end >>> 3));
  }

  text(): string {
    return decoder.decode(this.take(this.varint()));
  }
}

/** The 32 bits from bit `at` on, as a signed number; zeros past the end. */
export function peekBits(bytes: Uint8Array, at: number): number {
  const from = at >>> 3;
  const shift = at & 7;
  const low =
    (bytes[from] as number) |
    ((bytes[from + 1] as number) << 8) |
    ((bytes[from + 2] as number) << 16) |
    ((bytes[from + 3] as number) << 24);
  return (low >>> shift) | (((bytes[from + 4] as number) << 1) << (31 - shift));
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
const decoder = new TextDecoder();
