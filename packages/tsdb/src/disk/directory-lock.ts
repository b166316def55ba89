import { closeSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@nowcast/model';

const NAME = 'lock';
const held = new Set<string>();

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same number. */
  readonly started: string;
}

/**
 * One process per directory. The lock is a file naming its holder; one whose holder is gone, after a crash or a
 * power cut, is taken over. @throws {CodedError} `store-locked`
 */
export function lockDirectory(directory: string): { readonly release: () => void } {
  const path = join(directory, NAME);
  const own: Holder = { pid: process.pid, started: startOf(process.pid) };
  const holder = readHolder(path);
  const alive =
    holder !== undefined && holder.pid !== own.pid && startOf(holder.pid) === holder.started;
  if (held.has(path) || alive)
    throw new CodedError(
      'store-locked',
      `${directory} is in use by process ${holder?.pid ?? own.pid}; stop it or choose another directory`,
      { details: { pid: holder?.pid ?? own.pid } },
    );
  if (holder !== undefined) rmSync(path, { force: true });
  claim(directory, path, own);
  held.add(path);
  return {
    release: () => {
      held.delete(path);
      rmSync(path, { force: true });
    },
  };
}

/** A link appears at once and only where nothing is: two processes cannot both succeed. */
function claim(directory: string, path: string, own: Holder): void {
  const temporary = join(directory, `${NAME}.${own.pid}.tmp`);
  const fd = openSync(temporary, 'w');
  try {
    writeSync(fd, JSON.stringify(own));
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(temporary, path);
  } catch (cause) {
    const message = `${directory} has just been taken by another process`;
    throw new CodedError('store-locked', message, { cause });
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** When a process started, as the system counts; empty when there is none. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return isAlive(pid) ? 'unknown' : '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
