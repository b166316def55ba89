/**
 * Keeps a folder for one process. The lock names its owner, so that one left behind by a killed process
 * is told from a living one's, also when the number of the dead process has gone to another.
 */
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@nowcast/model';

/** Folders locked by this very process, which its number alone would not tell. */
const own = new Set<string>();

export class FolderLock {
  readonly #dir: string;
  readonly #file: string;

  /** @throws {CodedError} `spool-in-use`, `spool-unavailable` */
  constructor(dir: string) {
    this.#dir = realpathSync(dir);
    this.#file = join(this.#dir, 'lock');
    const owner = readOwner(this.#file);
    if (own.has(this.#dir) || (owner && isAlive(owner)))
      throw new CodedError(
        'spool-in-use',
        `the spool ${dir} is used by process ${owner?.pid ?? process.pid}; give each publisher a folder of its own`,
      );
    try {
      writeFileSync(this.#file, `${process.pid} ${startOf(process.pid) ?? ''}\n`, { mode: 0o600 });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError('spool-unavailable', `cannot write ${this.#file}: ${reason}`, { cause });
    }
    own.add(this.#dir);
  }

  release(): void {
    if (own.delete(this.#dir)) rmSync(this.#file, { force: true });
  }
}

interface Owner {
  readonly pid: number;
  /** When the process started, where the system tells. */
  readonly start: string | undefined;
}

function readOwner(file: string): Owner | undefined {
  const [pid, start] = (readText(file) ?? '').trim().split(' ');
  return pid ? { pid: Number(pid), start: start === '' ? undefined : start } : undefined;
}

function isAlive({ pid, start }: Owner): boolean {
  // A lock of our number that this process did not take was left by a predecessor, as in a container.
  if (pid === process.pid) return false;
  if (start !== undefined) return startOf(pid) === start;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat: clock ticks from boot to start. The name before it may contain spaces. */
function startOf(pid: number): string | undefined {
  return readText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
