/** Functions that map each value of a vector by itself. */
import { LabelSet } from '@nowcast/model';
import {
  type Column,
  fullColumn,
  type ScalarValue,
  vector,
  type VectorValue,
} from '../eval/column.ts';
import { type Grid, timeAt } from '../eval/grid.ts';
import { mergeColumns } from '../eval/merge.ts';
import { dropMetric } from '../eval/metric-labels.ts';
import { clampTo, roundTo, type ScalarMath } from './math.ts';
import { type CallInput, columnsArg, scalarArg, type VectorFunction } from './vector-function.ts';

export function mathFunction(math: ScalarMath): VectorFunction {
  return (input) => mapValues(input, (value) => math(value));
}

/** A function of a time, the evaluation's own where no vector is given. */
export function calendarFunction(part: ScalarMath): VectorFunction {
  return (input) => {
    if (input.args.length > 0) return mapValues(input, (value) => part(value));
    const { values } = timeFunction(input);
    return vector([fullColumn(LabelSet.EMPTY, values.map(part))]);
  };
}

export const round: VectorFunction = (input) => {
  const to = scalarArg(input, 1);
  return mapValues(input, (value, step) => roundTo(value, to?.[step] ?? 1));
};

export const clampMin: VectorFunction = (input) => {
  const min = scalarArg(input, 1) as Float64Array;
  return mapValues(input, (value, step) => clampTo(value, min[step] as number, Infinity));
};

export const clampMax: VectorFunction = (input) => {
  const max = scalarArg(input, 1) as Float64Array;
  return mapValues(input, (value, step) => clampTo(value, -Infinity, max[step] as number));
};

export const clamp: VectorFunction = (input) => {
  const min = scalarArg(input, 1) as Float64Array;
  const max = scalarArg(input, 2) as Float64Array;
  const isEmptyAt = (step: number): boolean => (min[step] as number) > (max[step] as number);
  const { columns } = mapValues(input, (value, step) =>
    clampTo(value, min[step] as number, max[step] as number),
  );
  const cut = columns.map((column) => ({
    ...column,
    present: column.present.map((present, step) => (isEmptyAt(step) ? 0 : present)),
  }));
  return vector(cut);
};

export function timeFunction({ context }: CallInput): ScalarValue {
  return { type: 'scalar', values: timesOf(context.grid) };
}

/** timestamp() of a computed vector: the evaluation's time. */
export const timestampOfComputed: VectorFunction = (input) => {
  const times = timesOf(input.context.grid);
  return mapValues(input, (_, step) => times[step] as number);
};

export function timesOf(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, step) => timeAt(grid, step) / 1_000);
}

function mapValues(input: CallInput, map: (value: number, step: number) => number): VectorValue {
  const mapped: Column[] = [];
  for (const column of columnsArg(input, 0)) {
    input.context.check();
    const values = new Float64Array(column.values.length);
    for (let step = 0; step < values.length; step++)
      if (column.present[step] === 1) values[step] = map(column.values[step] as number, step);
    mapped.push({ labels: dropMetric(column.labels), values, present: column.present });
  }
  return vector(mergeColumns(mapped));
}
