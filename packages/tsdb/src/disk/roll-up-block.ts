import { BlockReader } from '../block/block-reader.ts';
import { BlockWriter } from '../block/block-writer.ts';
import { wordsOf } from '../block/sample-run.ts';
import { AGGREGATES, ROLLUP_MS, rollUp } from '../rollup/rollup.ts';
import type { BlockSet } from './block-set.ts';
import type { BlockInfo, RollupInfo } from './manifest.ts';
import { GRACE_MS } from './merge.ts';
import { DAY_MS, WINDOW_MS } from './seal.ts';

export interface RollupTask {
  readonly block: BlockInfo;
  readonly resolutionMs: number;
}

/** Samples per window from which reading windows is cheaper than reading samples. */
const WORTH_SAMPLES = 4;

/**
 * The next rollup to write: of a block that will hardly change any more and has none yet. Of sparse series
 * windows are made when somebody asks, unless rollups are to outlive the samples.
 */
export function planRollup(
  set: { readonly blocks: readonly BlockInfo[]; readonly rollups: readonly RollupInfo[] },
  due: {
    readonly nowMs: number;
    readonly horizonMs: number;
    readonly rollupHorizonMs: number;
  },
  isDamaged: (id: number) => boolean,
): RollupTask | undefined {
  const outlives = due.rollupHorizonMs < due.horizonMs;
  for (const block of set.blocks) {
    if (!isClosed(block, due.nowMs) || isDamaged(block.id)) continue;
    for (const resolutionMs of ROLLUP_MS) {
      const made = set.rollups.some(
        (one) => one.of === block.id && one.resolutionMs === resolutionMs,
      );
      if (!made && (outlives || isDense(block, resolutionMs))) return { block, resolutionMs };
    }
  }
  return undefined;
}

function isClosed({ minMs, maxMs }: BlockInfo, nowMs: number): boolean {
  const size = Math.floor(minMs / WINDOW_MS) === Math.floor(maxMs / WINDOW_MS) ? WINDOW_MS : DAY_MS;
  return (Math.floor(maxMs / size) + 1) * size + GRACE_MS < nowMs;
}

function isDense({ minMs, maxMs, samples, series }: BlockInfo, resolutionMs: number): boolean {
  const windows = Math.floor(maxMs / resolutionMs) - Math.floor(minMs / resolutionMs) + 1;
  return samples >= series * windows * WORTH_SAMPLES;
}

/**
 * Writes the windows of a block, series for series in the same places; undefined when a part of the block is
 * damaged, since a rollup must say the same as its block.
 */
export async function writeRollup(
  set: BlockSet,
  { block, resolutionMs }: RollupTask,
  pause: () => Promise<void>,
): Promise<RollupInfo | undefined> {
  const damage: string[] = [];
  const reader = new BlockReader(set.path(block.id), (message) => damage.push(message));
  const id = set.takeId();
  const writer = new BlockWriter(set.rollupPath(id), resolutionMs);
  try {
    for (let series = 0; series < reader.index.size && damage.length === 0; series++) {
      const rollup = rollUp(reader.read(series, -Infinity, Infinity), resolutionMs);
      const columns = AGGREGATES.map((name) => wordsOf(rollup[name]));
      if (damage.length === 0) writer.addColumns(reader.index.pairs(series), rollup.times, columns);
      await pause();
    }
    if (damage.length > 0) {
      writer.abandon();
      return undefined;
    }
    const { samples, series, minMs, maxMs } = writer;
    const { order } = block;
    const bytes = writer.finish();
    return { id, order, minMs, maxMs, samples, series, bytes, resolutionMs, of: block.id };
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    reader.close();
  }
}
