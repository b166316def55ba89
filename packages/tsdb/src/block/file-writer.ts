import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const BUFFER_SIZE = 1 << 20;

/**
 * Writes a file that appears under its name complete or not at all: into a temporary file beside it, synced,
 * renamed, and the directory synced.
 */
export class FileWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #buffer: Buffer = Buffer.allocUnsafe(BUFFER_SIZE);
  readonly #fd: number;
  #used = 0;
  #written = 0;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = `${path}.tmp`;
    this.#fd = openSync(this.#temporary, 'w');
  }

  get offset(): number {
    return this.#written + this.#used;
  }

  write(bytes: Uint8Array): void {
    if (this.#used + bytes.length > BUFFER_SIZE) this.#drain();
    if (bytes.length > BUFFER_SIZE) {
      writeAll(this.#fd, bytes);
      this.#written += bytes.length;
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  commit(): void {
    this.#drain();
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    renameSync(this.#temporary, this.#path);
    syncDirectory(dirname(this.#path));
  }

  /** Gives up and leaves nothing behind. */
  abandon(): void {
    closeSync(this.#fd);
    rmSync(this.#temporary, { force: true });
  }

  #drain(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#used));
    this.#written += this.#used;
    this.#used = 0;
  }
}

/** Writes all bytes, however many calls the system takes for it. */
export function writeAll(fd: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.length;) {
    const at = position === undefined ? null : position + done;
    done += writeSync(fd, bytes, done, bytes.length - done, at);
  }
}

/** Makes renames and removals in a directory durable. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
