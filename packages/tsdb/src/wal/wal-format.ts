import { crc32 } from 'node:zlib';

/** Where things stand in a WAL segment; FORMAT.md draws it. All numbers little-endian. */
export const WAL_VERSION = 1;
export const WAL_MAGIC = 'NOWCWAL\n';
export const WAL_HEADER_SIZE = 16;
export const FRAME_HEADER_SIZE = 8;
/** No writer makes a larger frame, so a larger length is damage. */
export const FRAME_MAX = 67_108_864;

export const RECORD: Readonly<Record<'series' | 'shape' | 'row' | 'keyRow' | 'metadata', number>> =
  {
    /** ref, labels. */
    series: 1,
    /** shape, refs. */
    shape: 2,
    /** shape, time, values as changes to the row before. */
    row: 3,
    /** As `row`, as changes to nothing: reading can start here. */
    keyRow: 4,
    /** What a sender said about a metric. */
    metadata: 5,
  };

/** Rows from one key row to the next: how much a damaged frame can cost beyond itself. */
export const KEY_INTERVAL = 128;

export const EXPONENT_COUNT = 15;

export function frameChecksum(payload: Uint8Array): number {
  return crc32(payload);
}
