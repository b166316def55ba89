/**
 * The snappy block format, as remote write and read use it. Decompression trusts nothing: every length
 * and offset is checked against the input and the announced size.
 */
export class SnappyError extends Error {
  override readonly name = 'SnappyError';
}

/**
 * @param bytesMax refuses input that says it grows beyond this.
 * @param scratch holds the answer where it is large enough; the next call with it overwrites that.
 */
export function snappyDecompress(
  input: Uint8Array,
  bytesMax: number,
  scratch?: Uint8Array,
): Uint8Array {
  const header = readLength(input);
  if (header.length > bytesMax)
    throw new SnappyError(`decompressed body of ${header.length} bytes is over ${bytesMax}`);
  const room = header.length + SLACK;
  const buffer = scratch !== undefined && room <= scratch.length ? scratch : new Uint8Array(room);
  expand({ bytes: input, at: header.next }, buffer, header.length);
  return buffer.subarray(0, header.length);
}

/** Copies go by words and may write this far past their end; what is there is written over later. */
const SLACK = 8;

/** Longer runs are left to the call that copies, which takes longer to begin. */
const WORDWISE_MAX = 64;

function expand(
  input: { readonly bytes: Uint8Array; readonly at: number },
  output: Uint8Array,
  size: number,
): void {
  const { bytes } = input;
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let { at } = input;
  let to = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] as number;
    const kind = tag & 3;
    let length = (tag >> 2) + 1;
    if (kind === 0) {
      if (length > 60) {
        const width = length - 60;
        length = littleEndian(bytes, at, width) + 1;
        at += width;
      }
      if (at + length > bytes.length || to + length > size) throw damaged();
      if (length <= WORDWISE_MAX && at + length + SLACK <= bytes.length)
        for (let k = 0; k < length; k += 4)
          view.setInt32(to + k, source.getInt32(at + k, true), true);
      else output.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const width = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    let offset = littleEndian(bytes, at, width);
    if (kind === 1) {
      length = ((tag >> 2) & 7) + 4;
      offset += (tag >> 5) << 8;
    }
    at += width;
    if (offset === 0 || offset > to || to + length > size) throw damaged();
    const from = to - offset;
    if (offset >= 8 && length <= WORDWISE_MAX)
      for (let k = 0; k < length; k += 8) {
        view.setInt32(to + k, view.getInt32(from + k, true), true);
        view.setInt32(to + k + 4, view.getInt32(from + k + 4, true), true);
      }
    else if (offset >= length) output.copyWithin(to, from, from + length);
    else for (let k = 0; k < length; k++) output[to + k] = output[from + k] as number;
    to += length;
  }
  if (to !== size) throw damaged();
}

/** Snappy without looking for repetitions: valid, and cheap for answers that stay on the machine. */
export function snappyStore(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [varint(input.length)];
  for (let at = 0; at < input.length; at += 65_536) {
    const part = input.subarray(at, at + 65_536);
    const length = part.length - 1;
    chunks.push(Uint8Array.of(61 << 2, length & 255, length >> 8), part);
  }
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const output = new Uint8Array(total);
  let to = 0;
  for (const chunk of chunks) {
    output.set(chunk, to);
    to += chunk.length;
  }
  return output;
}

function readLength(input: Uint8Array): { length: number; next: number } {
  let length = 0;
  for (let at = 0; at < Math.min(5, input.length); at++) {
    const byte = input[at] as number;
    length += (byte & 127) * 2 ** (7 * at);
    if (byte < 128) return { length, next: at + 1 };
  }
  throw damaged();
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > input.length) throw damaged();
  if (bytes === 1) return input[at] as number;
  if (bytes === 2) return (input[at] as number) | ((input[at + 1] as number) << 8);
  let value = 0;
  for (let k = bytes - 1; k >= 0; k--) value = value * 256 + (input[at + k] as number);
  return value;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  bytes.push(left);
  return Uint8Array.from(bytes);
}

function damaged(): SnappyError {
  return new SnappyError('the body is not valid snappy');
}
