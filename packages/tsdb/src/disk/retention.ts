import type { BlockInfo, RollupInfo } from './manifest.ts';

export interface RetentionLimits {
  /** Blocks with nothing newer are removed. */
  readonly horizonMs: number;
  /** The same for rollups; never later. */
  readonly rollupHorizonMs: number;
  /** All blocks and rollups together; past it the oldest are removed. */
  readonly bytesMax: number;
}

/** What to delete: all whose newest sample is before its horizon, then the oldest until the rest fits. */
export function planRetention(
  set: { readonly blocks: readonly BlockInfo[]; readonly rollups: readonly RollupInfo[] },
  limits: RetentionLimits,
): BlockInfo[] {
  const { horizonMs, rollupHorizonMs, bytesMax } = limits;
  const tooOld = new Set([
    ...set.blocks.filter(({ maxMs }) => maxMs < horizonMs),
    ...set.rollups.filter(({ maxMs }) => maxMs < rollupHorizonMs),
  ]);
  const doomed = [...tooOld];
  const kept = [...set.blocks, ...set.rollups].filter((one) => !tooOld.has(one));
  let bytes = kept.reduce((sum, block) => sum + block.bytes, 0);
  for (const block of kept.sort((a, b) => a.maxMs - b.maxMs)) {
    if (bytes <= bytesMax) break;
    bytes -= block.bytes;
    doomed.push(block);
  }
  return doomed;
}
