import { BYTES, FIXED64, VARINT } from './protobuf-reader.ts';

const encoder = new TextEncoder();

/** Builds a message in the wire format of Protocol Buffers in one growing buffer. */
export class ProtobufWriter {
  #bytes = new Uint8Array(1_024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  int64Field(field: number, value: number): void {
    this.#varint((field << 3) | VARINT);
    if (value >= 0) this.#varint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  doubleField(field: number, values: Float64Array, at: number): void {
    this.#varint((field << 3) | FIXED64);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, values[at] as number, true);
    this.#length += 8;
  }

  textField(field: number, text: string): void {
    this.bytesField(field, encoder.encode(text));
  }

  bytesField(field: number, bytes: Uint8Array): void {
    this.#varint((field << 3) | BYTES);
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Written in place behind a length of one byte; longer ones make room for theirs afterwards. */
  messageField(field: number, write: (writer: ProtobufWriter) => void): void {
    this.#varint((field << 3) | BYTES);
    this.#reserve(1);
    const from = ++this.#length;
    write(this);
    const size = this.#length - from;
    let head = 1;
    for (let left = size; left >= 128; left = Math.floor(left / 128)) head++;
    if (head > 1) {
      this.#reserve(head - 1);
      this.#bytes.copyWithin(from + head - 1, from, this.#length);
    }
    this.#length = from - 1;
    this.#varint(size);
    this.#length += size;
  }

  #varint(value: number): void {
    this.#reserve(10);
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128))
      this.#bytes[this.#length++] = (left % 128) | 128;
    this.#bytes[this.#length++] = left;
  }

  #bigVarint(value: bigint): void {
    this.#reserve(10);
    let left = value;
    for (; left >= 128n; left >>= 7n) this.#bytes[this.#length++] = Number(left & 127n) | 128;
    this.#bytes[this.#length++] = Number(left);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
