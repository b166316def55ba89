/**
 * The machine as the collectors see it: three folders (proc, sys and the root) that a test can move.
 * Files that are read every second are opened once and read again from the start into one shared
 * buffer, so a scan is valid until the next file is read.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@nowcast/model';
import { ByteScanner } from './byte-scanner.ts';

export interface HostPaths {
  /** Where procfs is mounted; `/proc`. */
  readonly procPath: string;
  /** Where sysfs is mounted; `/sys`. */
  readonly sysPath: string;
  /** Prefix of everything else (`/etc`, `/run`, mount points); empty for the machine itself. */
  readonly rootPath: string;
}

export const MACHINE_PATHS: HostPaths = { procPath: '/proc', sysPath: '/sys', rootPath: '' };

const SCRATCH_BYTES = 64 * 1024;
/** A kernel file beyond this is refused with `file-too-large`; the largest, a table of TCP sockets, then holds 27,000. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Descriptors kept open; files beyond are opened and closed on each reading. */
const KEPT_FILES_MAX = 512;

const AUXV_PAGE_SIZE = 6n;
const AUXV_CLOCK_TICKS = 17n;

export class Host {
  readonly paths: HostPaths;
  readonly pageBytes: number;
  /** Unit of the CPU times in `/proc`, per second. */
  readonly ticksPerSecond: number;
  readonly #scanner: ByteScanner;
  #scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #keptFiles = 0;
  readonly #files = new Set<HostFile>();

  constructor(paths: Partial<HostPaths> = {}) {
    this.paths = { ...MACHINE_PATHS, ...paths };
    this.#scanner = new ByteScanner(this.#scratch);
    const auxv = readAuxv();
    this.pageBytes = auxv.get(AUXV_PAGE_SIZE) ?? 4096;
    this.ticksPerSecond = auxv.get(AUXV_CLOCK_TICKS) ?? 100;
  }

  proc(path: string): HostFile {
    return this.#file(join(this.paths.procPath, path));
  }

  sys(path: string): HostFile {
    return this.#file(join(this.paths.sysPath, path));
  }

  /** Reads a file of one page at most that is not worth keeping open; undefined when it cannot be read. */
  scanProcOnce(path: string): ByteScanner | undefined {
    let fd = -1;
    try {
      fd = openSync(`${this.paths.procPath}/${path}`, 'r');
      return this.#read(fd, { path, whole: false });
    } catch {
      return undefined;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }

  /** A place outside proc and sys, given as an absolute path of the machine. */
  rootPath(path: string): string {
    return this.paths.rootPath === '' ? path : join(this.paths.rootPath, path);
  }

  /** Names in a folder below sys, ordered; none when it does not exist. */
  sysNames(path: string): readonly string[] {
    return names(join(this.paths.sysPath, path));
  }

  procNames(path: string): readonly string[] {
    return names(join(this.paths.procPath, path));
  }

  /** The trimmed text of a small file below sys; undefined when it cannot be read. Not for every tick. */
  sysText(path: string): string | undefined {
    return textOf(join(this.paths.sysPath, path));
  }

  procText(path: string): string | undefined {
    return textOf(join(this.paths.procPath, path));
  }

  rootText(path: string): string | undefined {
    return textOf(this.rootPath(path));
  }

  /** The bytes of a file outside proc and sys; undefined when it cannot be read. */
  rootBytes(path: string): Buffer | undefined {
    try {
      return readFileSync(this.rootPath(path));
    } catch {
      return undefined;
    }
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  #file(path: string): HostFile {
    const file = new HostFile(path, {
      read: (fd, whole) => this.#read(fd, { path, whole }),
      mayKeep: () => this.#keptFiles < KEPT_FILES_MAX,
      kept: (count) => (this.#keptFiles += count),
      closed: () => this.#files.delete(file),
    });
    this.#files.add(file);
    return file;
  }

  #read(fd: number, { path, whole }: { path: string; whole: boolean }): ByteScanner {
    let length = 0;
    for (;;) {
      const count = readSync(fd, this.#scratch, length, this.#scratch.length - length, length);
      length += count;
      // The kernel hands out long files page by page: only an empty read is the end.
      if (count === 0 || !whole) break;
      if (length === this.#scratch.length) this.#grow(path);
    }
    this.#scanner.reset(this.#scratch, length);
    return this.#scanner;
  }

  #grow(path: string): void {
    const bytes = this.#scratch.length * 2;
    if (bytes > FILE_BYTES_MAX)
      throw new CodedError(
        'file-too-large',
        `${path} holds more than ${FILE_BYTES_MAX} bytes; it is not read`,
      );
    const larger = Buffer.allocUnsafeSlow(bytes);
    this.#scratch.copy(larger);
    this.#scratch = larger;
  }
}

interface HostFileOwner {
  read(fd: number, whole: boolean): ByteScanner;
  mayKeep(): boolean;
  kept(count: number): void;
  closed(): void;
}

/** One file that is read again and again. After an error it is opened anew on the next reading. */
export class HostFile {
  readonly path: string;
  readonly #owner: HostFileOwner;
  #fd = -1;

  constructor(path: string, owner: HostFileOwner) {
    this.path = path;
    this.#owner = owner;
  }

  /** The whole file. @throws the system's error when it cannot be read. */
  scan(): ByteScanner {
    return this.#scan(true);
  }

  /** Like `scan` for files of one page at most, as those of sysfs are: saves looking for the end. */
  scanShort(): ByteScanner {
    return this.#scan(false);
  }

  /** Like `scan`, undefined when the file cannot be read. */
  tryScan(): ByteScanner | undefined {
    try {
      return this.#scan(true);
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#drop();
    this.#owner.closed();
  }

  #scan(whole: boolean): ByteScanner {
    const keep = this.#fd >= 0 || this.#owner.mayKeep();
    if (this.#fd < 0) {
      this.#fd = openSync(this.path, 'r');
      this.#owner.kept(1);
    }
    let done = false;
    try {
      const scanner = this.#owner.read(this.#fd, whole);
      done = true;
      return scanner;
    } finally {
      if (!done || !keep) this.#drop();
    }
  }

  #drop(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
    this.#owner.kept(-1);
  }
}

function names(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** What the kernel told this process at its start, 64-bit pairs of key and value. */
function readAuxv(): Map<bigint, number> {
  const found = new Map<bigint, number>();
  try {
    const bytes = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= bytes.length; at += 16)
      found.set(bytes.readBigUInt64LE(at), Number(bytes.readBigUInt64LE(at + 8)));
  } catch {
    // Not Linux, or a 32-bit one with pairs of another size: the defaults hold nearly everywhere.
  }
  return found;
}
