/**
 * Range vectors: per series the samples of the whole query, and for each step which of them its window
 * holds. Windows slide over one pair of arrays; nothing is copied per step.
 */
import { isStaleMarker, type LabelSet, type SeriesData } from '@nowcast/model';
import { must } from '@nowcast/std';
import type { MatrixSelector } from '../ast/matrix-selector.ts';
import type { Subquery } from '../ast/subquery.ts';
import type { RangeExtension } from '../ast/vector-selector.ts';
import type { Column } from './column.ts';
import type { EvalContext } from './context.ts';
import type { Grid } from './grid.ts';
import { positiveDurationMs, referenceGrid } from './time-reference.ts';

/** Samples without staleness markers, times rising. */
export interface RangeSeries {
  readonly labels: LabelSet;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export interface RangeVector {
  readonly series: readonly RangeSeries[];
  /** Where the windows end: one per step, or a single one for all steps. */
  readonly reference: Grid;
  /** A window holds the samples after its end less this, and up to its end. */
  readonly rangeMs: number;
  readonly extension?: RangeExtension | undefined;
}

export function evalMatrixSelector(context: EvalContext, matrix: MatrixSelector): RangeVector {
  const { selector } = matrix;
  const data = must(context.data.get(selector), 'the samples of a selector');
  return {
    series: data.map(withoutMarkers),
    reference: referenceGrid(selector, context),
    rangeMs: positiveDurationMs(matrix.range, context.query),
    extension: selector.extension,
  };
}

/** The range vector of a subquery whose inner expression gave these columns on `inner`. */
export function subqueryVector(
  context: EvalContext,
  subquery: Subquery,
  { columns, inner }: { readonly columns: readonly Column[]; readonly inner: Grid },
): RangeVector {
  return {
    series: columns.map((column) => columnSamples(column, inner)),
    reference: referenceGrid(subquery, context),
    rangeMs: positiveDurationMs(subquery.range, context.query),
  };
}

/** For each step the samples of its window: from `from[step]` up to but without `to[step]`. */
export interface Windows {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The windows of one series, made into `windows`, which is given back. */
export function slideWindows(
  timesMs: Float64Array,
  { reference, rangeMs }: Pick<RangeVector, 'reference' | 'rangeMs'>,
  windows: Windows,
): Windows {
  const { startMs, stepMs, count } = reference;
  const length = timesMs.length;
  let from = 0;
  let to = 0;
  for (let step = 0; step < count; step++) {
    const endMs = startMs + step * stepMs;
    const openMs = endMs - rangeMs;
    while (to < length && (timesMs[to] as number) <= endMs) to++;
    while (from < to && (timesMs[from] as number) <= openMs) from++;
    windows.from[step] = from;
    windows.to[step] = to;
  }
  return windows;
}

/**
 * Windows with the sample before the range and, `smoothed`, the one after it, where there are such within
 * the lookback.
 */
export function extendWindows(
  timesMs: Float64Array,
  range: Pick<RangeVector, 'reference' | 'rangeMs' | 'extension'>,
  { windows, lookbackMs }: { readonly windows: Windows; readonly lookbackMs: number },
): void {
  const { reference, rangeMs, extension } = range;
  for (let step = 0; step < reference.count; step++) {
    const endMs = reference.startMs + step * reference.stepMs;
    const from = windows.from[step] as number;
    const to = windows.to[step] as number;
    if (from > 0 && (timesMs[from - 1] as number) > endMs - rangeMs - lookbackMs)
      windows.from[step] = from - 1;
    if (extension !== 'smoothed' || to === timesMs.length) continue;
    const endsBefore = to === 0 || (timesMs[to - 1] as number) < endMs;
    if (endsBefore && (timesMs[to] as number) <= endMs + lookbackMs) windows.to[step] = to + 1;
  }
}

export function createWindows(count: number): Windows {
  return { from: new Int32Array(count), to: new Int32Array(count) };
}

function withoutMarkers(series: SeriesData): RangeSeries {
  const { labels, timesMs, values } = series;
  let markers = 0;
  for (const value of values) if (isStaleMarker(value)) markers++;
  if (markers === 0) return series;
  const keptTimes = new Float64Array(values.length - markers);
  const keptValues = new Float64Array(values.length - markers);
  let kept = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (isStaleMarker(value)) continue;
    keptTimes[kept] = timesMs[at] as number;
    keptValues[kept++] = value;
  }
  return { labels, timesMs: keptTimes, values: keptValues };
}

function columnSamples(column: Column, grid: Grid): RangeSeries {
  const { labels, values, present } = column;
  let length = 0;
  for (const one of present) length += one;
  const timesMs = new Float64Array(length);
  const kept = new Float64Array(length);
  let at = 0;
  for (let step = 0; step < grid.count; step++) {
    if (present[step] === 0) continue;
    timesMs[at] = grid.startMs + step * grid.stepMs;
    kept[at++] = values[step] as number;
  }
  return { labels, timesMs, values: kept };
}
