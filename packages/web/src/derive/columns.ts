import type { Column } from '../state/sample-column.ts';

/**
 * The arithmetic of charts: pure functions from columns of samples to columns of what is drawn. A value
 * that cannot be known is NaN, never 0.
 */

/** Samples of a series older than this do not speak for a moment any more. */
const REACH_MS = 2_500;

/**
 * Per-second rate of a counter: one value per sample but the first, at the sample's time. A counter that
 * starts again counts from zero; one that only slips back a little (the kernel's idle and iowait do) counts
 * as standing still.
 */
export function rateOf(column: Column): Column {
  const { timesMs, values } = column;
  const count = Math.max(0, values.length - 1);
  const rates = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const before = values[at] as number;
    const after = values[at + 1] as number;
    const seconds = ((timesMs[at + 1] as number) - (timesMs[at] as number)) / 1000;
    rates[at] = increase(before, after) / seconds;
  }
  return { timesMs: timesMs.subarray(values.length - count), values: rates };
}

function increase(before: number, after: number): number {
  if (!(after < before)) return after - before;
  return after < before / 2 ? after : 0;
}

/** The times of the column with the most samples: what the others are aligned to. */
export function gridOf(columns: readonly Column[]): Float64Array {
  let best: Float64Array = new Float64Array(0);
  for (const { timesMs } of columns)
    if (
      timesMs.length > best.length ||
      (timesMs.length === best.length && newest(timesMs) > newest(best))
    )
      best = timesMs;
  return best;
}

/** The column's values at the grid's times: at each the newest one not older than `reachMs`, or NaN. */
export function alignTo(
  grid: Float64Array,
  column: Column,
  reachMs: number = REACH_MS,
): Float64Array {
  const { timesMs, values } = column;
  if (sameTimes(grid, timesMs)) return values;
  const aligned = new Float64Array(grid.length);
  let at = -1;
  for (let to = 0; to < grid.length; to++) {
    const timeMs = grid[to] as number;
    while (at + 1 < timesMs.length && (timesMs[at + 1] as number) <= timeMs) at++;
    const known = at >= 0 && timeMs - (timesMs[at] as number) <= reachMs;
    aligned[to] = known ? (values[at] as number) : NaN;
  }
  return aligned;
}

/** Sum of the columns at the grid's times; columns without a value are left out, NaN where none has one. */
export function sumAt(grid: Float64Array, columns: readonly Column[]): Float64Array {
  const sum = new Float64Array(grid.length).fill(NaN);
  for (const column of columns) {
    const aligned = alignTo(grid, column);
    for (let at = 0; at < sum.length; at++) {
      const value = aligned[at] as number;
      if (Number.isNaN(value)) continue;
      const before = sum[at] as number;
      sum[at] = Number.isNaN(before) ? value : before + value;
    }
  }
  return sum;
}

/** One value per place, from the values of the given columns there. */
export function combine(
  columns: readonly Float64Array[],
  compute: (...values: number[]) => number,
): Float64Array {
  const length = columns[0]?.length ?? 0;
  const result = new Float64Array(length);
  for (let at = 0; at < length; at++)
    result[at] = compute(...columns.map((column) => column[at] as number));
  return result;
}

/** The newest value that is known, NaN where none is. */
export function lastOf(values: Float64Array): number {
  for (let at = values.length - 1; at >= 0; at--)
    if (!Number.isNaN(values[at])) return values[at] as number;
  return NaN;
}

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Smallest and largest known value, NaN where none is known. */
export function extentOf(values: Float64Array): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: NaN, max: NaN } : { min, max };
}

function newest(timesMs: Float64Array): number {
  return timesMs[timesMs.length - 1] ?? -Infinity;
}

/** Series of one agent share their timestamps: the common case needs no copy. */
function sameTimes(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
