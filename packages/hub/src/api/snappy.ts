/**
 * The snappy block format, as remote write and read use it. Decompression trusts nothing: every length
 * and offset is checked against the input and the announced size.
 */
export class SnappyError extends Error {
  override readonly name = 'SnappyError';
}

/** @param bytesMax refuses input that says it grows beyond this. */
export function snappyDecompress(input: Uint8Array, bytesMax: number): Uint8Array {
  const header = readLength(input);
  if (header.length > bytesMax)
    throw new SnappyError(`decompressed body of ${header.length} bytes is over ${bytesMax}`);
  const output = new Uint8Array(header.length);
  let at = header.next;
  let to = 0;
  while (at < input.length) {
    const tag = input[at++] as number;
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const bytes = length - 60;
        length = littleEndian(input, at, bytes) + 1;
        at += bytes;
      }
      if (at + length > input.length || to + length > output.length) throw damaged();
      // For short runs a loop beats the call that copies.
      if (length < 24) for (let k = 0; k < length; k++) output[to + k] = input[at + k] as number;
      else output.set(input.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const kind = tag & 3;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const offset = littleEndian(input, at, bytes) + (kind === 1 ? (tag >> 5) << 8 : 0);
    at += bytes;
    if (offset === 0 || offset > to || to + length > output.length) throw damaged();
    if (offset >= length && length >= 24) output.copyWithin(to, to - offset, to - offset + length);
    else for (let k = 0; k < length; k++) output[to + k] = output[to + k - offset] as number;
    to += length;
  }
  if (to !== output.length) throw damaged();
  return output;
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
