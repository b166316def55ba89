import { signal, type Signal } from '@preact/signals';

/** The moment the reader points at, in any chart; undefined while nobody points. */
export const cursorMs: Signal<number | undefined> = signal(undefined);

/** Index of the time nearest to `timeMs`, -1 when there is none within `reachMs`. */
export function nearestIndex(timesMs: Float64Array, timeMs: number, reachMs: number): number {
  let low = 0;
  let high = timesMs.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] as number) <= timeMs) low = middle;
    else high = middle;
  }
  const distance = (at: number): number => Math.abs((timesMs[at] as number) - timeMs);
  const best = distance(low) <= distance(high) ? low : high;
  return distance(best) <= reachMs ? best : -1;
}
