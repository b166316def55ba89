import { nearestIndex } from './cursor.ts';

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Shift goes this many times as far. */
const STRIDE = 10;

/**
 * The moment to read after a key: arrows step from sample to sample, Home and End jump to the ends. Reading
 * starts at the newest sample. Undefined for other keys and where there is nothing to read.
 */
export function readingTime(
  { key, shiftKey }: KeyPress,
  timesMs: Float64Array,
  readMs: number | undefined,
): number | undefined {
  const last = timesMs.length - 1;
  if (last < 0) return undefined;
  if (key === 'Home') return timesMs[0];
  if (key === 'End') return timesMs[last];
  const step = STEPS[key];
  if (step === undefined) return undefined;
  if (readMs === undefined) return timesMs[last];
  const at = nearestIndex(timesMs, readMs, Infinity) + step * (shiftKey ? STRIDE : 1);
  return timesMs[Math.min(last, Math.max(0, at))];
}
