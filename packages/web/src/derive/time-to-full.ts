import type { Column } from '../state/sample-column.ts';

/** When something that fills up is expected to be full: a range, for one number would pretend to know. */
export interface TimeToFull {
  readonly earliestSeconds: number;
  readonly likelySeconds: number;
  /** Infinity when it may well never fill. */
  readonly latestSeconds: number;
}

const SAMPLES_MIN = 12;
const SPAN_MIN_MS = 60_000;
const HORIZON_SECONDS = 30 * 86_400;
const POINTS_MAX = 60;

/**
 * From the recent course of the space left. Slopes of all pairs of points vote (Theil–Sen): the median is
 * the likely pace, the 10th and 90th percentile are the range, so one burst of writing does not cry wolf.
 * Undefined when space is not shrinking for most pairs, or when the end lies more than 30 days away.
 */
export function timeToFull(availBytes: Column): TimeToFull | undefined {
  const points = thinned(availBytes);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < SAMPLES_MIN) return undefined;
  if (last.timeMs - first.timeMs < SPAN_MIN_MS) return undefined;
  const paces = slopes(points);
  const median = quantile(paces, 0.5);
  if (!(median > 0) || !(quantile(paces, 0.25) > 0)) return undefined;
  const likelySeconds = last.value / median;
  if (likelySeconds > HORIZON_SECONDS) return undefined;
  const slowest = quantile(paces, 0.1);
  return {
    earliestSeconds: last.value / quantile(paces, 0.9),
    likelySeconds,
    latestSeconds: slowest > 0 ? last.value / slowest : Infinity,
  };
}

interface Point {
  readonly timeMs: number;
  readonly value: number;
}

function thinned({ timesMs, values }: Column): readonly Point[] {
  const step = Math.max(1, Math.ceil(values.length / POINTS_MAX));
  const points: Point[] = [];
  for (let at = (values.length - 1) % step; at < values.length; at += step)
    points.push({ timeMs: timesMs[at] as number, value: values[at] as number });
  return points;
}

/** Bytes per second that vanish between any two points, sorted. */
function slopes(points: readonly Point[]): Float64Array {
  const paces: number[] = [];
  for (const [at, a] of points.entries())
    for (const b of points.slice(at + 1))
      paces.push(((a.value - b.value) * 1000) / (b.timeMs - a.timeMs));
  return Float64Array.from(paces).sort();
}

function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] as number;
  return low + ((sorted[Math.ceil(at)] as number) - low) * (at % 1);
}
