import { closeSync, fsyncSync, openSync } from 'node:fs';
import { writeAll } from '../block/file-writer.ts';

/** Writes a file that was not there; it is durable when this returns. */
export function writeNewFile(path: string, parts: readonly Uint8Array[]): void {
  const fd = openSync(path, 'wx');
  try {
    for (const part of parts) writeAll(fd, part);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a file's content durable. */
export function syncFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
