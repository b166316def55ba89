import { BitReader } from '../codec/bit-reader.ts';
import { BitWriter } from '../codec/bit-writer.ts';
import {
  FRAME_HEADER_SIZE,
  FRAME_MAX,
  frameChecksum,
  WAL_HEADER_SIZE,
  WAL_MAGIC,
  WAL_VERSION,
} from './wal-format.ts';

const NAME = /^w-(\d{10})\.wal$/;

export function segmentName(segment: number): string {
  return `w-${String(segment).padStart(10, '0')}.wal`;
}

/** The number of a segment, or undefined when the file is none. */
export function segmentOf(name: string): number | undefined {
  const parts = NAME.exec(name);
  return parts === null ? undefined : Number(parts[1]);
}

export function encodeSegmentHeader(): Uint8Array {
  const writer = new BitWriter();
  for (const character of WAL_MAGIC) writer.byte(character.charCodeAt(0));
  writer.word(WAL_VERSION);
  writer.word(0);
  return writer.view().slice();
}

export function encodeFrame(payload: Uint8Array): Uint8Array {
  const writer = new BitWriter();
  writer.word(payload.length);
  writer.word(frameChecksum(payload));
  writer.copy(payload);
  return writer.view().slice();
}

export type SegmentPart =
  | { readonly kind: 'frame'; readonly payload: Uint8Array }
  /** Bytes that hold no frame; what they held is lost. */
  | { readonly kind: 'damage'; readonly offset: number; readonly reason: string }
  /** A frame that was being written when the process ended; it had not been acknowledged. */
  | { readonly kind: 'torn'; readonly offset: number };

/**
 * Walks the frames of a segment. A frame with a wrong checksum is passed over by its length; where the length
 * itself is impossible the rest of the segment cannot be found again. A frame cut off by the end of the file is
 * what a crash leaves.
 */
export function* segmentParts(bytes: Uint8Array): IterableIterator<SegmentPart> {
  const magic = String.fromCharCode(...bytes.subarray(0, WAL_MAGIC.length));
  if (bytes.length < WAL_HEADER_SIZE) {
    yield { kind: 'torn', offset: 0 };
    return;
  }
  if (magic !== WAL_MAGIC) yield { kind: 'damage', offset: 0, reason: 'its header is damaged' };
  let at = WAL_HEADER_SIZE;
  while (at < bytes.length) {
    const reader = new BitReader(bytes, at);
    const length = reader.word();
    const expected = reader.word();
    const end = at + FRAME_HEADER_SIZE + length;
    if (length === 0 || length > FRAME_MAX) {
      yield { kind: 'damage', offset: at, reason: 'a frame has an impossible length' };
      return;
    }
    if (end > bytes.length) {
      yield { kind: 'torn', offset: at };
      return;
    }
    const payload = bytes.subarray(at + FRAME_HEADER_SIZE, end);
    if (frameChecksum(payload) === expected) yield { kind: 'frame', payload };
    else yield { kind: 'damage', offset: at, reason: 'the checksum of a frame is wrong' };
    at = end;
  }
}
