/**
 * Reads a binary message. Whatever the bytes are, it stays within them and throws nothing but `bad-binary`; a length
 * is checked against what is left before anything is made of it.
 */
import { CodedError } from '@nowcast/model';

/** Eight bytes hold 56 bits; more would not be a whole number any more. */
const VARINT_BYTES_MAX = 8;

export function badBinary(what: string): CodedError {
  return new CodedError('bad-binary', `unreadable binary message: ${what}`);
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** A whole number from 0 to 2^53 − 1. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value <= Number.MAX_SAFE_INTEGER) return value;
        break;
      }
      scale *= 0x80;
    }
    throw badBinary('a number is too long');
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number of things of which each takes at least one byte of what is left. */
  count(): number {
    const count = this.varint();
    if (count > this.left) throw badBinary('it ends too early');
    return count;
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.varint()));
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.left) throw badBinary('it ends too early');
    this.#at += length;
    return start;
  }
}
