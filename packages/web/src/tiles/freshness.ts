import type { Stream } from '../state/stream.ts';

export interface Freshness {
  readonly state: 'loading' | 'fresh' | 'stale' | 'failed';
  /** Age of the newest value; Infinity before the first. */
  readonly ageMs: number;
}

/** Intervals without a value after which what is shown is not the present any more. */
const STALE_INTERVALS = 3;

/** Samples travel and clocks differ a little; this much is not held against anyone. */
const GRACE_MS = 500;

/** Longest interval that is taken for a habit and not for a failure. */
const INTERVAL_MAX_MS = 60_000;

/** Age from which values that come every `everyMs` are not the present any more. */
export function staleAfterMs(everyMs: number): number {
  return everyMs * STALE_INTERVALS + GRACE_MS;
}

/** How fresh a stream is at the hub's time `nowMs`. `everyMs` is how often its values should come. */
export function freshnessOf(
  stream: Pick<Stream, 'newestMs' | 'intervalMs' | 'phase'>,
  nowMs: number,
  everyMs: number,
): Freshness {
  const phase = stream.phase.value;
  if (phase === 'failed') return { state: 'failed', ageMs: Infinity };
  if (!Number.isFinite(stream.newestMs)) return { state: 'loading', ageMs: Infinity };
  const ageMs = Math.max(0, nowMs - stream.newestMs);
  const observedMs = Math.min(INTERVAL_MAX_MS, stream.intervalMs);
  const intervalMs = Number.isFinite(stream.intervalMs) ? Math.max(everyMs, observedMs) : everyMs;
  return { state: ageMs > staleAfterMs(intervalMs) ? 'stale' : 'fresh', ageMs };
}
