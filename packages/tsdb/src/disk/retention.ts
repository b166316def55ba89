import type { BlockInfo } from './manifest.ts';

/** The blocks to delete: all whose newest sample is before the horizon, then the oldest until the rest fits. */
export function planRetention(
  blocks: readonly BlockInfo[],
  limits: { readonly horizonMs: number; readonly blockBytesMax: number },
): BlockInfo[] {
  const { horizonMs, blockBytesMax } = limits;
  const doomed = blocks.filter(({ maxMs }) => maxMs < horizonMs);
  const kept = blocks.filter(({ maxMs }) => maxMs >= horizonMs).sort((a, b) => a.maxMs - b.maxMs);
  let bytes = kept.reduce((sum, block) => sum + block.bytes, 0);
  for (const block of kept) {
    if (bytes <= blockBytesMax) break;
    bytes -= block.bytes;
    doomed.push(block);
  }
  return doomed;
}
