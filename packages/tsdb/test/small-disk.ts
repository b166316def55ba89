import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own and of a given size, which needs root; gone with its fixture. */
export class SmallDisk implements Disposable {
  static readonly available: boolean = process.platform === 'linux' && process.getuid?.() === 0;

  readonly path: string;

  constructor(bytes: number) {
    this.path = mkdtempSync(join(tmpdir(), 'nowcast-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.path]);
  }

  /** Refused by the system while a file on it is open for writing. */
  setReadOnly(readOnly: boolean): void {
    execFileSync('mount', ['-o', readOnly ? 'remount,ro' : 'remount,rw', this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.path]);
    rmSync(this.path, { recursive: true });
  }
}
