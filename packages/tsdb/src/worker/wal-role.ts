import { closeSync, fdatasyncSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory, writeAll } from '../block/file-writer.ts';
import { encodeFrame, encodeSegmentHeader, segmentName, segmentOf } from '../wal/wal-segment.ts';

/**
 * The thread that makes appended samples durable: each call writes one frame and syncs it before it answers.
 * A frame that could not be written whole is written again at the same place, so a failure leaves no torn frame
 * in the middle of a segment.
 */
export interface WalRole {
  write(frame: {
    readonly directory: string;
    readonly segment: number;
    readonly payload: Uint8Array;
  }): { readonly syncMs: number; readonly bytes: number };
  /** Removes the segments before `segment`. */
  drop(argument: { readonly directory: string; readonly segment: number }): {
    readonly bytes: number;
    readonly segments: number;
  };
}

export class WalWriter implements WalRole {
  #fd: number | undefined;
  #segment = -1;
  #offset = 0;

  write(frame: {
    readonly directory: string;
    readonly segment: number;
    readonly payload: Uint8Array;
  }): { syncMs: number; bytes: number } {
    const startMs = performance.now();
    if (this.#segment !== frame.segment) this.#open(frame.directory, frame.segment);
    const fd = this.#fd as number;
    const bytes = encodeFrame(frame.payload);
    writeAll(fd, bytes, this.#offset);
    fdatasyncSync(fd);
    this.#offset += bytes.length;
    return { syncMs: performance.now() - startMs, bytes: bytes.length };
  }

  drop({ directory, segment }: { readonly directory: string; readonly segment: number }): {
    bytes: number;
    segments: number;
  } {
    let bytes = 0;
    let segments = 0;
    for (const name of readdirSync(directory)) {
      const number = segmentOf(name);
      if (number === undefined) continue;
      if (number < segment) {
        rmSync(join(directory, name), { force: true });
        continue;
      }
      segments++;
      bytes += statSync(join(directory, name)).size;
    }
    return { bytes, segments };
  }

  #open(directory: string, segment: number): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#segment = -1;
    const fd = openSync(join(directory, segmentName(segment)), 'w');
    this.#fd = fd;
    const header = encodeSegmentHeader();
    writeAll(fd, header, 0);
    syncDirectory(directory);
    this.#offset = header.length;
    this.#segment = segment;
  }
}
