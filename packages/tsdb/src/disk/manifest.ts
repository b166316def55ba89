import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CodedError } from '@nowcast/model';
import { syncDirectory } from '../block/file-writer.ts';

export const STORE_FORMAT = 1;
const NAME = 'manifest.json';
const BLOCK_NAME = /^b-(\d{10})\.blk$/;
const ROLLUP_NAME = /^r-(\d{10})\.roll$/;

export interface BlockInfo {
  readonly id: number;
  /** Where blocks hold the same sample, the one of the highest order is right. */
  readonly order: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly samples: number;
  readonly series: number;
  readonly bytes: number;
}

export interface RollupInfo extends BlockInfo {
  readonly resolutionMs: number;
  /** The block it says the same as; undefined when that one is gone and only the rollup is kept. */
  readonly of?: number | undefined;
}

/**
 * Which files make up the store. Replaced as a whole, so a crash leaves the state before or after a seal, merge
 * or removal, and what the list does not name is left-over and removed.
 */
export interface Manifest {
  readonly format: number;
  /** WAL segments before this one have been sealed into blocks. */
  readonly walFrom: number;
  readonly nextId: number;
  readonly blocks: readonly BlockInfo[];
  readonly rollups?: readonly RollupInfo[] | undefined;
}

export function blockName(id: number): string {
  return `b-${String(id).padStart(10, '0')}.blk`;
}

export function rollupName(id: number): string {
  return `r-${String(id).padStart(10, '0')}.roll`;
}

/**
 * The manifest of a directory, an empty one where there is none.
 * @throws {CodedError} `store-too-new`; `store-unreadable` when it is damaged
 */
export function readManifest(directory: string): Manifest {
  const path = join(directory, NAME);
  if (!existsSync(path)) return { format: STORE_FORMAT, walFrom: 1, nextId: 1, blocks: [] };
  const [body = '', sum = ''] = readFileSync(path, 'utf8').split('\n');
  const parsed = parse(body);
  if (parsed !== undefined && parsed.format > STORE_FORMAT)
    throw new CodedError(
      'store-too-new',
      `${directory} has store format ${parsed.format}; this program knows up to ${STORE_FORMAT}`,
    );
  if (parsed === undefined || sum !== String(crc32(body)))
    throw new CodedError('store-unreadable', `${path} is damaged`);
  return parsed;
}

export function writeManifest(directory: string, manifest: Manifest): void {
  const path = join(directory, NAME);
  const body = JSON.stringify(manifest);
  const fd = openSync(`${path}.tmp`, 'w');
  try {
    writeSync(fd, `${body}\n${crc32(body)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.tmp`, path);
  syncDirectory(directory);
}

/** Block files present, by id. */
export function blockFiles(directory: string): Map<number, string> {
  return filesNamed(BLOCK_NAME, directory);
}

/** Rollup files present, by id. */
export function rollupFiles(directory: string): Map<number, string> {
  return filesNamed(ROLLUP_NAME, directory);
}

function filesNamed(pattern: RegExp, directory: string): Map<number, string> {
  const files = new Map<number, string>();
  for (const name of readdirSync(directory)) {
    const parts = pattern.exec(name);
    if (parts !== null) files.set(Number(parts[1]), join(directory, name));
  }
  return files;
}

/** Removes what a crash left half done: temporary files, blocks and rollups the manifest does not name. */
export function removeLeftovers(directory: string, manifest: Manifest): void {
  const named = new Set([...manifest.blocks, ...(manifest.rollups ?? [])].map(({ id }) => id));
  for (const [id, path] of [...blockFiles(directory), ...rollupFiles(directory)])
    if (!named.has(id)) rmSync(path, { force: true });
  for (const name of readdirSync(directory))
    if (name.endsWith('.tmp')) rmSync(join(directory, name), { force: true });
}

export function fileSize(path: string): number {
  return statSync(path).size;
}

function parse(body: string): Manifest | undefined {
  try {
    return JSON.parse(body) as Manifest;
  } catch {
    return undefined;
  }
}
