import { compareLabels, LabelSet } from '@nowcast/model';
import { BlockReader, type OnDamage } from '../block/block-reader.ts';
import { BlockWriter } from '../block/block-writer.ts';
import { mergeRuns, wordsOf } from '../block/sample-run.ts';
import type { BlockSet } from './block-set.ts';
import type { BlockInfo } from './manifest.ts';
import { DAY_MS, WINDOW_MS } from './seal.ts';

/** How long after its end a window may still get ordinary samples. */
export const GRACE_MS = 600_000;
/** Small blocks an open window may collect before they are put together. */
const OPEN_BLOCKS_MAX = 8;

/**
 * What to merge next: the blocks of a closed two-hour window, too many of the open one, the blocks of a closed
 * day. Late data goes into a day only when it is worth rewriting it. Undefined when nothing is to be done.
 */
export function planMerge(blocks: readonly BlockInfo[], nowMs: number): BlockInfo[] | undefined {
  for (const size of [WINDOW_MS, DAY_MS]) {
    for (const [start, group] of groupByWindow(blocks, size)) {
      const closed = start + size + GRACE_MS < nowMs;
      if (group.length < 2 || !worthIt(group, { closed, size })) continue;
      if (keepsOrder(blocks, group)) return group;
    }
  }
  return undefined;
}

function groupByWindow(blocks: readonly BlockInfo[], size: number): Map<number, BlockInfo[]> {
  const groups = new Map<number, BlockInfo[]>();
  for (const block of blocks) {
    const start = Math.floor(block.minMs / size) * size;
    if (block.maxMs >= start + size) continue;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [block]);
    else group.push(block);
  }
  return groups;
}

function worthIt(
  group: readonly BlockInfo[],
  window: { readonly closed: boolean; readonly size: number },
): boolean {
  if (!window.closed) return window.size === WINDOW_MS && group.length > OPEN_BLOCKS_MAX;
  const largest = Math.max(...group.map(({ bytes }) => bytes));
  const rest = group.reduce((sum, { bytes }) => sum + bytes, 0) - largest;
  return group.length > OPEN_BLOCKS_MAX || rest * 8 >= largest;
}

/** True when no block outside the group would change sides: newer than some of it and older than others. */
function keepsOrder(blocks: readonly BlockInfo[], group: readonly BlockInfo[]): boolean {
  const orders = group.map(({ order }) => order);
  const [low, high] = [Math.min(...orders), Math.max(...orders)];
  const minMs = Math.min(...group.map((block) => block.minMs));
  const maxMs = Math.max(...group.map((block) => block.maxMs));
  return blocks.every(
    (block) =>
      group.includes(block) ||
      block.order < low ||
      block.order > high ||
      block.maxMs < minMs ||
      block.minMs > maxMs,
  );
}

interface Cursor {
  readonly reader: BlockReader;
  at: number;
  labels: LabelSet | undefined;
}

/** Writes one block out of several. At equal times the block of the highest order wins. */
export async function mergeBlocks(
  set: BlockSet,
  sources: readonly BlockInfo[],
  options: { readonly pause: () => Promise<void>; readonly onDamage: OnDamage },
): Promise<BlockInfo> {
  const inOrder = sources.toSorted((a, b) => a.order - b.order);
  const cursors: Cursor[] = inOrder.map(({ id }) => {
    const reader = new BlockReader(set.path(id), options.onDamage);
    return { reader, at: 0, labels: labelsAt(reader, 0) };
  });
  const id = set.takeId();
  const writer = new BlockWriter(set.path(id));
  try {
    for (let labels = smallest(cursors); labels !== undefined; labels = smallest(cursors)) {
      const runs = [];
      for (const cursor of cursors) {
        if (cursor.labels === undefined || compareLabels(cursor.labels, labels) !== 0) continue;
        runs.push(cursor.reader.read(cursor.at, -Infinity, Infinity));
        cursor.labels = labelsAt(cursor.reader, ++cursor.at);
      }
      const { times, values } = mergeRuns(runs);
      if (times.length > 0) writer.add(labels.pairs, times, wordsOf(values));
      await options.pause();
    }
    const { samples, series, minMs, maxMs } = writer;
    const order = Math.max(...sources.map((source) => source.order));
    return { id, order, samples, series, minMs, maxMs, bytes: writer.finish() };
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    for (const { reader } of cursors) reader.close();
  }
}

function labelsAt(reader: BlockReader, series: number): LabelSet | undefined {
  if (series >= reader.index.size) return undefined;
  return LabelSet.fromSortedPairs(reader.index.pairs(series));
}

function smallest(cursors: readonly Cursor[]): LabelSet | undefined {
  let least: LabelSet | undefined;
  for (const { labels } of cursors)
    if (labels !== undefined && (least === undefined || compareLabels(labels, least) < 0))
      least = labels;
  return least;
}
