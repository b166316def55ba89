/**
 * Writes bits, the lowest first, and whole bytes, into a buffer that grows. Byte-wise calls first fill up
 * the open byte with zeros, so bit streams and byte fields may alternate.
 */
export class BitWriter {
  bytes: Uint8Array = new Uint8Array(4_096);
  #size = 0;
  #open = 0;
  #openBits = 0;

  /** Whole bytes written, the open one included. */
  get size(): number {
    return this.#size + (this.#openBits > 0 ? 1 : 0);
  }

  /** What has been written; valid until the next write. */
  view(): Uint8Array {
    this.align();
    return this.bytes.subarray(0, this.#size);
  }

  clear(): void {
    this.#size = 0;
    this.#open = 0;
    this.#openBits = 0;
  }

  /** Forgets what was written after the first `size` bytes. */
  truncate(size: number): void {
    this.clear();
    this.#size = size;
  }

  /** The low `count` bits of `value`; `count` is at most 24, higher bits of `value` are zero. */
  bits(value: number, count: number): void {
    let open = this.#open | (value << this.#openBits);
    let openBits = this.#openBits + count;
    if (this.#size + 4 > this.bytes.length) this.#grow(4);
    while (openBits >= 8) {
      this.bytes[this.#size++] = open;
      open >>>= 8;
      openBits -= 8;
    }
    this.#open = open;
    this.#openBits = openBits;
  }

  /** `count` bits, up to 53, of a whole number. */
  wide(value: number, count: number): void {
    let left = value;
    let leftBits = count;
    while (leftBits > 24) {
      this.bits(left % 0x1000000, 24);
      left = Math.floor(left / 0x1000000);
      leftBits -= 24;
    }
    this.bits(left, leftBits);
  }

  align(): void {
    if (this.#openBits === 0) return;
    if (this.#size + 1 > this.bytes.length) this.#grow(1);
    this.bytes[this.#size++] = this.#open;
    this.#open = 0;
    this.#openBits = 0;
  }

  byte(value: number): void {
    this.align();
    if (this.#size + 1 > this.bytes.length) this.#grow(1);
    this.bytes[this.#size++] = value;
  }

  /** A whole number from 0 to 2^53 in groups of seven bits, the lowest first. */
  varint(value: number): void {
    this.align();
    if (this.#size + 8 > this.bytes.length) this.#grow(8);
    let left = value;
    while (left >= 0x80) {
      this.bytes[this.#size++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.bytes[this.#size++] = left;
  }

  /** A whole number from −2^52 to 2^52, zigzag. */
  signed(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** 32 bits, the lowest byte first. */
  word(value: number): void {
    this.align();
    if (this.#size + 4 > this.bytes.length) this.#grow(4);
    for (let shift = 0; shift < 32; shift += 8) this.bytes[this.#size++] = value >>> shift;
  }

  float(value: number): void {
    scratch[0] = value;
    this.word(scratchWords[0] as number);
    this.word(scratchWords[1] as number);
  }

  copy(bytes: Uint8Array): void {
    this.align();
    if (this.#size + bytes.length > this.bytes.length) this.#grow(bytes.length);
    this.bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** `length` zero bytes; returns where they start in `bytes`, to be set later. */
  reserve(length: number): number {
    this.align();
    if (this.#size + length > this.bytes.length) this.#grow(length);
    const start = this.#size;
    this.#size += length;
    this.bytes.fill(0, start, this.#size);
    return start;
  }

  /** UTF-8 with its length in bytes before it. */
  text(value: string): void {
    if (this.#ascii(value)) return;
    const bytes = encoder.encode(value);
    this.varint(bytes.length);
    this.copy(bytes);
  }

  /** Most labels are ASCII, for which a loop beats the encoder; false leaves nothing behind. */
  #ascii(value: string): boolean {
    const { length } = value;
    if (length > 127) return false;
    this.align();
    if (this.#size + 1 + length > this.bytes.length) this.#grow(1 + length);
    const start = this.#size + 1;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      if (code > 127) return false;
      this.bytes[start + at] = code;
    }
    this.bytes[this.#size] = length;
    this.#size = start + length;
    return true;
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.#size + more));
    grown.set(this.bytes.subarray(0, this.#size));
    this.bytes = grown;
  }
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
const encoder = new TextEncoder();
