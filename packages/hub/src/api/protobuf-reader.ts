/**
 * A reader for the wire format of Protocol Buffers, without schemas or objects: the caller walks the fields
 * and takes what it knows. Every read is bounded by the end it was given.
 */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const TWO_28 = 2 ** 28;
const TWO_56 = 2 ** 56;

export class ProtobufReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #buffer: Buffer;
  /** Where the next read starts. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A varint below 2^53; larger ones lose their low bits. */
  varint(): number {
    let byte = this.#byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    for (let count = 1; count < 10; count++) {
      byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new ProtobufError('a varint is longer than ten bytes');
  }

  /** A signed 64-bit varint (int64), exact where it is a safe integer. */
  int64(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    let middle = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      middle |= (byte & 127) << shift;
      if (byte < 128) return middle * TWO_28 + low;
    }
    const eighth = this.#byte();
    const top = eighth < 128 ? eighth : (eighth & 127) | ((this.#byte() & 1) << 7);
    // Eight bits on top of 56: the highest is the sign.
    return ((top << 24) >> 24) * TWO_56 + middle * TWO_28 + low;
  }

  /** Where the eight bytes of the field stand. */
  fixed64(): number {
    const from = this.at;
    if (from + 8 > this.bytes.length) throw truncated();
    this.at = from + 8;
    return from;
  }

  /** The end of a length-delimited field whose content starts at `at` afterwards. */
  span(): number {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.bytes.length) throw truncated();
    return end;
  }

  text(): string {
    const end = this.span();
    const value = this.#buffer.toString('utf8', this.at, end);
    this.at = end;
    return value;
  }

  skip(wireType: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === FIXED64) this.at += 8;
    else if (wireType === BYTES) this.at = this.span();
    else if (wireType === FIXED32) this.at += 4;
    else throw new ProtobufError(`unknown wire type ${wireType}`);
    if (this.at > this.bytes.length) throw truncated();
  }

  #byte(): number {
    if (this.at >= this.bytes.length) throw truncated();
    return this.bytes[this.at++] as number;
  }
}

function truncated(): ProtobufError {
  return new ProtobufError('the message ends before its content');
}
