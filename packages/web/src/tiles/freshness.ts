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

/** Longest distance of two values that is taken for a pace and not for an outage. */
const PACE_MAX_MS = 20_000;

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
  const paceMs = stream.intervalMs <= PACE_MAX_MS ? Math.max(everyMs, stream.intervalMs) : everyMs;
  return { state: ageMs > staleAfterMs(paceMs) ? 'stale' : 'fresh', ageMs };
}
