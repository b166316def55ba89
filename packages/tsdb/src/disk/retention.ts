import type { BlockInfo } from './manifest.ts';

export interface RetentionLimits {
  readonly retentionMs: number;
  /** All blocks together; the oldest go first. */
  readonly blockBytesMax: number;
}

/** The blocks to delete: all whose newest sample is too old, then the oldest until the rest fits. */
export function planRetention(
  blocks: readonly BlockInfo[],
  limits: RetentionLimits,
  nowMs: number,
): BlockInfo[] {
  const horizonMs = nowMs - limits.retentionMs;
  const doomed = blocks.filter(({ maxMs }) => maxMs < horizonMs);
  const kept = blocks.filter(({ maxMs }) => maxMs >= horizonMs).sort((a, b) => a.maxMs - b.maxMs);
  let bytes = kept.reduce((sum, block) => sum + block.bytes, 0);
  for (const block of kept) {
    if (bytes <= limits.blockBytesMax) break;
    bytes -= block.bytes;
    doomed.push(block);
  }
  return doomed;
}
