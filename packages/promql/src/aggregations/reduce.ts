/** The aggregations that make one value of many at each step, column by column without sorting. */
import type { AggregateOp } from '../ast/aggregate.ts';
import { type Column, emptyColumn } from '../eval/column.ts';
import { KahanSum } from '../functions/kahan.ts';
import type { Group } from './grouping.ts';

export type Reducer = (group: Group, count: number) => Column;

export const REDUCERS: ReadonlyMap<AggregateOp, Reducer> = new Map<AggregateOp, Reducer>([
  ['avg', average],
  ['count', fold((before) => before + 1, 0)],
  ['group', fold(() => 1, 0)],
  ['max', fold((best, value) => (best < value || Number.isNaN(best) ? value : best), Number.NaN)],
  ['min', fold((best, value) => (best > value || Number.isNaN(best) ? value : best), Number.NaN)],
  ['stddev', (group, count) => spread(group, count, Math.sqrt)],
  ['stdvar', (group, count) => spread(group, count, (variance) => variance)],
  ['sum', sum],
]);

function fold(next: (before: number, value: number) => number, start: number): Reducer {
  return ({ labels, columns }, count) => {
    const output = emptyColumn(labels, count);
    for (const { values, present } of columns) {
      for (let step = 0; step < count; step++) {
        if (present[step] === 0) continue;
        const before = output.present[step] === 1 ? (output.values[step] as number) : start;
        output.values[step] = next(before, values[step] as number);
        output.present[step] = 1;
      }
    }
    return output;
  };
}

function sum({ labels, columns }: Group, count: number): Column {
  const output = emptyColumn(labels, count);
  const lost = new Float64Array(count);
  for (const column of columns) addCompensated(output, lost, column);
  for (let step = 0; step < count; step++)
    if (Number.isFinite(output.values[step])) output.values[step]! += lost[step] as number;
  return output;
}

/** KahanSum over whole columns: the same arithmetic without an object per step. */
function addCompensated(sums: Column, lost: Float64Array, { values, present }: Column): void {
  for (let step = 0; step < values.length; step++) {
    if (present[step] === 0) continue;
    const before = sums.values[step] as number;
    const value = values[step] as number;
    const total = before + value;
    if (total === Infinity || total === -Infinity) lost[step] = 0;
    else if (Math.abs(before) >= Math.abs(value)) lost[step]! += before - total + value;
    else lost[step]! += value - total + before;
    sums.values[step] = total;
    sums.present[step] = 1;
  }
}

function average({ labels, columns }: Group, count: number): Column {
  const output = emptyColumn(labels, count);
  for (let step = 0; step < count; step++) {
    const value = averageAt(columns, step);
    if (value === undefined) continue;
    output.values[step] = value;
    output.present[step] = 1;
  }
  return output;
}

function averageAt(columns: readonly Column[], step: number): number | undefined {
  let count = 0;
  let isMean = false;
  let state = new KahanSum();
  for (const { values, present } of columns) {
    if (present[step] === 0) continue;
    const value = values[step] as number;
    count++;
    if (!isMean) {
      const { sum: before, lost } = state;
      state.add(value);
      if (count === 1 || (state.sum !== Infinity && state.sum !== -Infinity)) continue;
      // Out of the range of floats: go on as a running mean, which stays within it.
      isMean = true;
      state = new KahanSum(before / (count - 1), lost / (count - 1));
    }
    const share = (count - 1) / count;
    state = new KahanSum(share * state.sum, share * state.lost);
    state.add(value / count);
  }
  if (count === 0) return undefined;
  return isMean ? state.sum + state.lost : state.sum / count + state.lost / count;
}

/** Welford's variance over the series of the group. */
function spread(group: Group, count: number, finish: (variance: number) => number): Column {
  const output = emptyColumn(group.labels, count);
  const means = new Float64Array(count);
  const seen = new Int32Array(count);
  for (const { values, present } of group.columns) {
    for (let step = 0; step < count; step++) {
      if (present[step] === 0) continue;
      const value = values[step] as number;
      seen[step]!++;
      const delta = value - (means[step] as number);
      means[step]! += delta / (seen[step] as number);
      output.values[step]! += delta * (value - (means[step] as number));
      output.present[step] = 1;
    }
  }
  for (let step = 0; step < count; step++)
    if (output.present[step] === 1)
      output.values[step] = finish((output.values[step] as number) / (seen[step] as number));
  return output;
}
