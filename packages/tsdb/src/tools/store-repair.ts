/**
 * Saves what can be read of a damaged store. All of it is written into a new directory beside the old one, durable,
 * before the two change places; the files of the damaged store are moved as they are and never changed.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compareLabels } from '@nowcast/model';
import { BlockWriter } from '../block/block-writer.ts';
import { syncDirectory } from '../block/file-writer.ts';
import { wordsOf } from '../block/sample-run.ts';
import { lockDirectory } from '../disk/directory-lock.ts';
import { blockName, writeManifest, type BlockInfo } from '../disk/manifest.ts';
import { readGenerations, type SharedTimes } from '../head/head.ts';
import { WalEncoder } from '../wal/wal-encoder.ts';
import { encodeFrame, encodeSegmentHeader, segmentName, segmentOf } from '../wal/wal-segment.ts';
import { syncFile, writeNewFile } from './durable-file.ts';
import { openSnapshot, type SnapshotBlock, type StoreSnapshot } from './store-snapshot.ts';
import { verifyStore, type Damage } from './store-verify.ts';

export interface RepairReport {
  readonly directory: string;
  /** What could not be saved; empty when the store was sound and was left as it is. */
  readonly damage: readonly Damage[];
  /** Where the damaged store is now; undefined when nothing was done. */
  readonly keptIn: string | undefined;
  readonly samples: number;
}

const EVERYTHING = { startMs: -Infinity, endMs: Infinity };

/**
 * @param nowMs names the folder the damaged store is kept in.
 * @throws {CodedError} `store-locked` while a hub uses the store, `store-unreadable`, `store-too-new`
 */
export async function repairStore(directory: string, nowMs: number): Promise<RepairReport> {
  const { damage } = await verifyStore(directory);
  if (damage.length === 0) return { directory, damage, keptIn: undefined, samples: 0 };
  const { release } = lockDirectory(directory);
  const fresh = `${resolve(directory)}.repaired`;
  const keptIn = `${resolve(directory)}.damaged-${stamp(nowMs)}`;
  try {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh);
    using snapshot = await openSnapshot(directory);
    const samples = writeCopy(snapshot, fresh, new Set(damage.map(({ file }) => file)));
    // From here on the copy is complete: a crash between the two renames leaves both stores whole.
    renameSync(directory, keptIn);
    renameSync(fresh, directory);
    syncDirectory(dirname(resolve(directory)));
    return { directory, damage, keptIn, samples };
  } finally {
    release();
    rmSync(join(keptIn, 'lock'), { force: true });
  }
}

function writeCopy(snapshot: StoreSnapshot, fresh: string, damaged: ReadonlySet<string>): number {
  const blocks: BlockInfo[] = [];
  for (const block of snapshot.blocks) {
    const copied = damaged.has(blockName(block.info.id))
      ? rewriteBlock(block, fresh)
      : copyBlock(snapshot.directory, block, fresh);
    if (copied !== undefined) blocks.push(copied);
  }
  let { walFrom, nextId } = snapshot.manifest;
  const segments = readdirSync(snapshot.directory).filter((name) => segmentOf(name) !== undefined);
  if (!segments.some((name) => damaged.has(name)))
    for (const name of segments) copyFile(join(snapshot.directory, name), join(fresh, name));
  else {
    walFrom = Math.max(walFrom, ...segments.map((name) => (segmentOf(name) as number) + 1));
    const head = writeHead(snapshot, fresh, nextId);
    if (head !== undefined) blocks.push(head);
    nextId++;
    writeMetadata(snapshot, join(fresh, segmentName(walFrom)));
  }
  const saved = new Set(blocks.map((block) => block.id));
  const rollups = (snapshot.manifest.rollups ?? []).filter((one) => saved.has(one.id));
  const raw = blocks.filter((block) => !rollups.some((one) => one.id === block.id));
  writeManifest(fresh, { ...snapshot.manifest, walFrom, nextId, blocks: raw, rollups });
  return raw.reduce((sum, { samples }) => sum + samples, 0);
}

function copyBlock(directory: string, { info }: SnapshotBlock, fresh: string): BlockInfo {
  const name = blockName(info.id);
  copyFile(join(directory, name), join(fresh, name));
  return info;
}

function copyFile(from: string, to: string): void {
  copyFileSync(from, to);
  syncFile(to);
}

/** The sound chunks of a damaged block as a block of the same place; undefined when nothing of it can be saved. */
function rewriteBlock({ info, reader }: SnapshotBlock, fresh: string): BlockInfo | undefined {
  // Rollups say nothing that the samples do not say.
  if (reader.footer.resolutionMs > 0) return undefined;
  const writer = new BlockWriter(join(fresh, blockName(info.id)));
  try {
    const { index } = reader;
    for (let series = 0; series < index.size; series++) {
      const { times, values } = reader.read(series, -Infinity, Infinity);
      if (times.length > 0) writer.add(index.pairs(series), times, wordsOf(values));
    }
  } catch {
    writer.abandon();
    return undefined;
  }
  return finished(writer, info);
}

/** What could be read of the WAL, as a block that is newer than all others. */
function writeHead(
  { head, table, manifest }: StoreSnapshot,
  fresh: string,
  id: number,
): BlockInfo | undefined {
  const generations = head.generations();
  const writer = new BlockWriter(join(fresh, blockName(id)));
  const shared = generations.map((): SharedTimes => new Map());
  for (const [ref, labels] of [...table.entries()].sort(([, a], [, b]) => compareLabels(a, b))) {
    const { times, values } = readGenerations(generations, ref, EVERYTHING, shared);
    if (times.length > 0) writer.add(labels.pairs, times, wordsOf(values));
  }
  const order = Math.max(id, ...manifest.blocks.map((block) => block.order + 1));
  return finished(writer, { id, order });
}

function finished(
  writer: BlockWriter,
  { id, order }: { readonly id: number; readonly order: number },
): BlockInfo | undefined {
  const { samples, series, minMs, maxMs } = writer;
  if (samples > 0) return { id, order, samples, series, minMs, maxMs, bytes: writer.finish() };
  writer.abandon();
  return undefined;
}

/** A WAL segment with nothing but what is known about the metrics. */
function writeMetadata({ metadata }: StoreSnapshot, path: string): void {
  const encoder = new WalEncoder();
  for (const [metric, known] of metadata) encoder.metadata(metric, known);
  const frames = metadata.size === 0 ? [] : [encodeFrame(encoder.take())];
  writeNewFile(path, [encodeSegmentHeader(), ...frames]);
}

/** Digits only: fit for a file name everywhere. */
function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
