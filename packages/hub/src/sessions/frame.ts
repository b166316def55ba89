/**
 * WebSocket frames: text built from parts, and binary messages. A part that many sessions receive is encoded and compressed
 * once, whatever stands around it: without context takeover a message's compressed form is a row of
 * independent deflate blocks, so shared blocks can be laid between stored blocks of the session's own text.
 */
import { constants, deflateRawSync } from 'node:zlib';

/** Text that several frames share. */
export class SharedText {
  readonly plain: Buffer;
  #deflated: Buffer | undefined;

  constructor(text: string) {
    this.plain = Buffer.from(text);
  }

  /** Deflate blocks that end on a byte boundary, without back-references beyond this text. */
  get deflated(): Buffer {
    this.#deflated ??= deflate(this.plain);
    return this.#deflated;
  }
}

export type FramePart = string | SharedText;

/** Smaller messages are not worth the receiver's inflating. */
const COMPRESS_BYTES_MIN = 1_024;
const STORED_BYTES_MAX = 65_535;
const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;
const RSV1 = 0x40;

/** One whole, unmasked text frame. `compress`: the peer has agreed to permessage-deflate. */
export function encodeTextFrame(parts: readonly FramePart[], compress: boolean): Buffer {
  const payload = compress && isWorthIt(parts) ? compressedPayload(parts) : undefined;
  const first = payload === undefined ? FIN_TEXT : FIN_TEXT | RSV1;
  return assemble(first, payload ?? parts.map(plainPart));
}

/** One whole, unmasked binary frame. */
export function encodeBinaryFrame(message: Uint8Array): Buffer {
  return assemble(FIN_BINARY, [message]);
}

function assemble(first: number, chunks: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = first;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  let at = headerLength;
  for (const chunk of chunks) {
    frame.set(chunk, at);
    at += chunk.length;
  }
  return frame;
}

function plainPart(part: FramePart): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : part.plain;
}

function isWorthIt(parts: readonly FramePart[]): boolean {
  let length = 0;
  for (const part of parts) length += typeof part === 'string' ? part.length : part.plain.length;
  return length >= COMPRESS_BYTES_MIN;
}

function compressedPayload(parts: readonly FramePart[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') chunks.push(part.deflated);
    else {
      const bytes = Buffer.from(part);
      if (bytes.length >= COMPRESS_BYTES_MIN) chunks.push(deflate(bytes));
      else if (bytes.length > 0) chunks.push(storedBlock(bytes));
    }
  }
  // RFC 7692 drops the last four bytes of the flush, 00 00 ff ff: an empty stored block stands for them.
  chunks.push(EMPTY_BLOCK_START);
  return chunks;
}

const EMPTY_BLOCK_START = Buffer.from([0x00]);

function storedBlock(bytes: Buffer): Buffer {
  const block = Buffer.allocUnsafe(5 + bytes.length);
  block[0] = 0;
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(STORED_BYTES_MAX - bytes.length, 3);
  block.set(bytes, 5);
  return block;
}

function deflate(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, {
    level: 1,
    memLevel: 8,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
}
