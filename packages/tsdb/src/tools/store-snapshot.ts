/**
 * A store as it stands at one moment, opened to look at and never to change: without the directory's lock, so also
 * beside a running hub. Its files stay open; what the hub seals, merges or removes afterwards changes nothing here.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, type LabelSet, type MetricMetadata } from '@nowcast/model';
import { BlockReader } from '../block/block-reader.ts';
import { readOrRebuild } from '../disk/block-set.ts';
import { blockName, type BlockInfo, type Manifest } from '../disk/manifest.ts';
import { replayWal } from '../disk/replay.ts';
import { slices } from '../disk/slices.ts';
import { Head, type HeadListener } from '../head/head.ts';
import { SeriesTable } from '../head/series-table.ts';
import type { WalVisitor } from '../wal/wal-decoder.ts';

/** A store that seals or merges while it is opened is opened again; each takes seconds and happens rarely. */
const ATTEMPTS_MAX = 8;
const SILENT: HeadListener = { newShape: () => undefined, row: () => undefined };

export interface SnapshotBlock {
  readonly info: BlockInfo;
  readonly reader: BlockReader;
}

/** A block the manifest names that cannot be opened. */
export interface LostBlock {
  readonly info: BlockInfo;
  readonly reason: string;
}

export interface StoreSnapshot extends Disposable {
  readonly directory: string;
  readonly manifest: Manifest;
  /** By rising order: where two hold the same sample, the later one is right. */
  readonly blocks: readonly SnapshotBlock[];
  readonly lost: readonly LostBlock[];
  /** The samples of the WAL. */
  readonly head: Head;
  readonly table: SeriesTable;
  readonly metadata: ReadonlyMap<string, MetricMetadata>;
  readonly walBytes: number;
  readonly walSegments: number;
}

export type OnSnapshotDamage = (message: string) => void;

/**
 * @throws {CodedError} `store-unreadable` when there is no store, or it changes faster than it can be opened;
 * `store-too-new`
 */
export async function openSnapshot(
  directory: string,
  onDamage: OnSnapshotDamage = () => undefined,
): Promise<StoreSnapshot> {
  assertStore(directory);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const before = manifestText(directory);
    const messages: string[] = [];
    const snapshot = await openOnce(directory, (message) => messages.push(message));
    if (snapshot !== undefined && manifestText(directory) === before) {
      for (const message of messages) onDamage(message);
      return snapshot;
    }
    snapshot?.[Symbol.dispose]();
  }
  const message = `${directory} changed while it was being read; try again in a moment`;
  throw new CodedError('store-unreadable', message);
}

function assertStore(directory: string): void {
  if (existsSync(directory) && statSync(directory).isDirectory()) return;
  throw new CodedError('store-unreadable', `there is no store in ${directory}; check the path`);
}

/** Undefined when a file went away under way: the manifest then names others. */
async function openOnce(
  directory: string,
  onDamage: OnSnapshotDamage,
): Promise<StoreSnapshot | undefined> {
  const manifest = readOrRebuild(directory, onDamage);
  const { blocks, lost } = openBlocks(directory, manifest, onDamage);
  const close = (): void => {
    for (const { reader } of blocks) reader.close();
  };
  const head = new Head();
  const table = new SeriesTable(Infinity);
  const metadata = new Map<string, MetricMetadata>();
  try {
    const { bytes, segments } = await replayWal(directory, {
      from: manifest.walFrom,
      visitor: headFiller({ head, table, metadata }),
      pause: slices(),
      onEvent: ({ level, message }) => {
        if (level === 'error') onDamage(message);
      },
    });
    const wal = { walBytes: bytes, walSegments: segments };
    const parts = { directory, manifest, blocks, lost, head, table, metadata, ...wal };
    return { ...parts, [Symbol.dispose]: close };
  } catch (error) {
    close();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function openBlocks(
  directory: string,
  manifest: Manifest,
  onDamage: OnSnapshotDamage,
): { readonly blocks: readonly SnapshotBlock[]; readonly lost: readonly LostBlock[] } {
  const blocks: SnapshotBlock[] = [];
  const lost: LostBlock[] = [];
  const all = [...manifest.blocks, ...(manifest.rollups ?? [])];
  for (const info of all.toSorted((a, b) => a.order - b.order))
    try {
      const reader = new BlockReader(join(directory, blockName(info.id)), onDamage);
      blocks.push({ info, reader });
    } catch (error) {
      if (error instanceof CodedError && error.code === 'store-too-new') throw error;
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      lost.push({ info, reason: missing ? 'the file is missing' : messageOf(error) });
    }
  return { blocks, lost };
}

interface Fill {
  readonly head: Head;
  readonly table: SeriesTable;
  readonly metadata: Map<string, MetricMetadata>;
}

/** Puts what the WAL says into memory; refs of a segment become refs of the table. */
function headFiller({ head, table, metadata }: Fill): WalVisitor {
  const refs = new Map<number, number>();
  return {
    series: (ref: number, labels: LabelSet) => void refs.set(ref, table.ref(labels, 0, false)),
    metadata: (metric, known) => void metadata.set(metric, known),
    row: (theirs, timeMs, values) => {
      // A row with a series whose definition was lost cannot be told apart and is left out, as on opening.
      if (!theirs.every((ref) => refs.has(ref))) return;
      const own = theirs.map((ref) => refs.get(ref) as number);
      head.append(timeMs, own, values, SILENT);
    },
  };
}

function manifestText(directory: string): string {
  try {
    return readFileSync(join(directory, 'manifest.json'), 'utf8');
  } catch {
    return '';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
