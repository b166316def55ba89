/**
 * Checks every checksum of every file of a store, and that what passed decodes. Says which file is damaged and what
 * the damaged part held, as far as its neighbours tell. Only reads.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabelSet } from '@nowcast/model';
import { blockName, readManifest, type BlockInfo } from '../disk/manifest.ts';
import { WalDecoder } from '../wal/wal-decoder.ts';
import { segmentOf, segmentParts } from '../wal/wal-segment.ts';
import { messageOf, openSnapshot, type StoreSnapshot } from './store-snapshot.ts';

export interface Damage {
  readonly file: string;
  readonly reason: string;
  /** What the damaged part held; for people. */
  readonly held: string;
}

export interface VerifyReport {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
  /** Checksums compared: of chunks, time columns, sections, footers, frames, the manifest. */
  readonly checks: number;
  readonly damage: readonly Damage[];
}

export interface VerifyProgress {
  readonly bytes: number;
  readonly bytesTotal: number;
}

/** Sections and footer of a block. */
const BLOCK_PARTS = 5;

/** @throws {CodedError} `store-unreadable` when there is no store, `store-too-new` */
export async function verifyStore(
  directory: string,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<VerifyReport> {
  using snapshot = await openSnapshot(directory);
  const tally = new Tally(directory);
  checkManifest(snapshot, tally);
  for (const { info, reason } of snapshot.lost)
    tally.note(blockName(info.id), reason, heldBy(info));
  const bytesTotal =
    snapshot.walBytes + snapshot.blocks.reduce((sum, { info }) => sum + info.bytes, 0);
  for (const block of snapshot.blocks) {
    checkBlock(block, tally);
    tally.file(block.info.bytes);
    block.reader.unload();
    onProgress({ bytes: tally.bytes, bytesTotal });
  }
  for (const name of readdirSync(directory).sort()) {
    const segment = segmentOf(name);
    if (segment === undefined || segment < snapshot.manifest.walFrom) continue;
    checkSegment(directory, name, tally);
    onProgress({ bytes: tally.bytes, bytesTotal });
  }
  return tally.report();
}

class Tally {
  readonly #directory: string;
  readonly #damage: Damage[] = [];
  #files = 0;
  #bytes = 0;
  checks = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get bytes(): number {
    return this.#bytes;
  }

  file(bytes: number): void {
    this.#files++;
    this.#bytes += bytes;
  }

  note(file: string, reason: string, held: string): void {
    this.#damage.push({ file, reason, held });
  }

  report(): VerifyReport {
    const [directory, files, bytes] = [this.#directory, this.#files, this.#bytes];
    return { directory, files, bytes, checks: this.checks, damage: this.#damage };
  }
}

function checkManifest({ directory }: StoreSnapshot, tally: Tally): void {
  tally.file(0);
  tally.checks++;
  try {
    readManifest(directory);
  } catch (error) {
    const held = 'the list of blocks; it is made again from the blocks themselves';
    tally.note('manifest.json', messageOf(error), held);
  }
}

function checkBlock({ info, reader }: StoreSnapshot['blocks'][number], tally: Tally): void {
  const file = blockName(info.id);
  tally.checks += BLOCK_PARTS;
  try {
    const { index } = reader;
    tally.checks += index.columns.length;
    for (let series = 0; series < index.size; series++)
      for (const { count, problem, ...span } of reader.check(series)) {
        tally.checks++;
        if (problem === undefined) continue;
        const labels = LabelSet.fromSortedPairs(index.pairs(series)).toString();
        tally.note(file, problem, `${count} samples of ${labels} between ${spanText(span)}`);
      }
  } catch (error) {
    tally.note(file, messageOf(error), heldBy(info));
  }
}

function checkSegment(directory: string, name: string, tally: Tally): void {
  const bytes = readSegment(join(directory, name));
  // The hub has sealed it meanwhile: what it held is in a block now.
  if (bytes === undefined) return;
  tally.file(bytes.length);
  let lastMs: number | undefined;
  const decoder = new WalDecoder({
    series: () => undefined,
    metadata: () => undefined,
    row: (_refs, timeMs) => (lastMs = timeMs),
  });
  const lost = (reason: string): void => {
    decoder.lost();
    const after = lastMs === undefined ? 'its first samples' : `samples after ${timeText(lastMs)}`;
    tally.note(name, reason, after);
  };
  for (const part of segmentParts(bytes)) {
    tally.checks++;
    if (part.kind === 'damage') lost(`${part.reason} at byte ${part.offset}`);
    if (part.kind !== 'frame') continue;
    try {
      decoder.frame(part.payload);
    } catch (error) {
      lost(`a frame makes no sense: ${messageOf(error)}`);
    }
  }
}

function readSegment(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function heldBy(info: BlockInfo): string {
  return `${info.samples} samples of ${info.series} series between ${spanText(info)}`;
}

function spanText({ minMs, maxMs }: { readonly minMs: number; readonly maxMs: number }): string {
  return `${timeText(minMs)} and ${timeText(maxMs)}`;
}

function timeText(timeMs: number): string {
  return Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : `${timeMs} ms`;
}
