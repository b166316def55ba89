import { isStaleMarker, type SeriesData } from '@nowcast/model';
import { must } from '@nowcast/std';
import type { VectorSelector } from '../ast/vector-selector.ts';
import { type Column, emptyColumn, isEmpty } from './column.ts';
import type { EvalContext } from './context.ts';
import type { Grid } from './grid.ts';
import { referenceGrid } from './time-reference.ts';

/** What a step shows of a series: its newest sample's value, or that sample's own time in seconds. */
export type Shown = 'value' | 'timestamp';

/** The selector's series over the grid; series without a point are left out. */
export function evalSelector(
  context: EvalContext,
  selector: VectorSelector,
  shown: Shown = 'value',
): readonly Column[] {
  const reference = referenceGrid(selector, context);
  const columns: Column[] = [];
  for (const series of must(context.data.get(selector), 'the samples of a selector')) {
    context.check();
    const column = emptyColumn(series.labels, reference.count);
    const look = { reference, lookbackMs: context.lookbackMs, shown };
    fillNewest(column, series, look);
    if (selector.extension === 'smoothed') smooth(column, series, look);
    if (!isEmpty(column)) columns.push(spread(column, context.grid.count));
  }
  return columns;
}

interface Look {
  readonly reference: Grid;
  readonly lookbackMs: number;
  readonly shown: Shown;
}

function fillNewest(column: Column, series: SeriesData, look: Look): void {
  const { timesMs, values } = series;
  const { startMs, stepMs, count } = look.reference;
  const length = timesMs.length;
  let next = 0;
  for (let step = 0; step < count; step++) {
    const timeMs = startMs + step * stepMs;
    while (next < length && (timesMs[next] as number) <= timeMs) next++;
    if (next === 0) continue;
    const sampleMs = timesMs[next - 1] as number;
    if (sampleMs <= timeMs - look.lookbackMs) continue;
    const value = values[next - 1] as number;
    if (isStaleMarker(value)) continue;
    column.values[step] = look.shown === 'value' ? value : sampleMs / 1_000;
    column.present[step] = 1;
  }
}

/** Moves each point towards the next sample, as far as its step lies between the two. */
function smooth(column: Column, series: SeriesData, look: Look): void {
  const { timesMs, values } = series;
  const { startMs, stepMs, count } = look.reference;
  let next = 0;
  for (let step = 0; step < count; step++) {
    const timeMs = startMs + step * stepMs;
    while (next < timesMs.length && (timesMs[next] as number) <= timeMs) next++;
    if (column.present[step] === 0 || next === timesMs.length) continue;
    const afterMs = timesMs[next] as number;
    const after = values[next] as number;
    if (afterMs > timeMs + look.lookbackMs || isStaleMarker(after)) continue;
    const beforeMs = timesMs[next - 1] as number;
    const before = column.values[step] as number;
    const share = (timeMs - beforeMs) / (afterMs - beforeMs);
    column.values[step] = before + (after - before) * share;
  }
}

/** The single point of a pinned column, at every step. */
export function spread(column: Column, count: number): Column {
  if (column.values.length === count) return column;
  return {
    labels: column.labels,
    values: new Float64Array(count).fill(column.values[0] as number),
    present: new Uint8Array(count).fill(column.present[0] as number),
  };
}
