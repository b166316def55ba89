/** The folder for everything that is kept. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CodedError } from '@nowcast/model';

/** @throws {CodedError} `data-dir-unusable` naming the folder and the reason. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError('data-dir-unusable', `cannot use ${dataDir} for data: ${reason}`, {
      cause,
    });
  }
}

/**
 * Makes a folder and those above it, each for itself: Node's recursive `mkdir` never returns where the
 * kernel answers ENOENT although the folder above is there, as it does in /proc.
 */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have been quicker.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
