import { LabelSet } from '@nowcast/model';
import { fullColumn, type ScalarValue, vector } from '../eval/column.ts';
import { endOf } from '../eval/grid.ts';
import { absentFrom } from './absence.ts';
import {
  calendarFunction,
  clamp,
  clampMax,
  clampMin,
  mathFunction,
  round,
  timeFunction,
  timestampOfComputed,
} from './elementwise.ts';
import {
  histogramFraction,
  histogramQuantile,
  histogramQuantiles,
  nothing,
} from './histogram-functions.ts';
import { labelJoin, labelReplace, sortByLabel } from './label-rewriting.ts';
import { CALENDAR_FUNCTIONS, MATH_FUNCTIONS } from './math.ts';
import { sortByValue } from './ordering.ts';
import { columnsArg, type CallInput, scalarArg, type VectorFunction } from './vector-function.ts';

/** The functions over instant vectors and scalars. */
export const VECTOR_FUNCTIONS: ReadonlyMap<string, VectorFunction> = new Map<
  string,
  VectorFunction
>([
  ...mapFunctions(MATH_FUNCTIONS, mathFunction),
  ...mapFunctions(CALENDAR_FUNCTIONS, calendarFunction),
  ['absent', absent],
  ['clamp', clamp],
  ['clamp_max', clampMax],
  ['clamp_min', clampMin],
  ['end', constant(({ context }) => endOf(context.query) / 1_000)],
  ['histogram_avg', nothing],
  ['histogram_count', nothing],
  ['histogram_fraction', histogramFraction],
  ['histogram_quantile', histogramQuantile],
  ['histogram_quantiles', histogramQuantiles],
  ['histogram_stddev', nothing],
  ['histogram_stdvar', nothing],
  ['histogram_sum', nothing],
  ['label_join', labelJoin],
  ['label_replace', labelReplace],
  ['pi', constant(() => Math.PI)],
  ['range', constant(({ context: { query } }) => (endOf(query) - query.startMs) / 1_000)],
  ['round', round],
  ['scalar', toScalar],
  ['sort', sortByValue(1)],
  ['sort_by_label', sortByLabel(1)],
  ['sort_by_label_desc', sortByLabel(-1)],
  ['sort_desc', sortByValue(-1)],
  ['start', constant(({ context }) => context.query.startMs / 1_000)],
  ['step', constant(({ context: { query } }) => (query.count > 1 ? query.stepMs / 1_000 : 0))],
  ['time', timeFunction],
  ['timestamp', timestampOfComputed],
  ['vector', toVector],
]);

function absent(input: CallInput): ReturnType<VectorFunction> {
  const [argument] = input.call.args;
  return absentFrom(
    argument as NonNullable<typeof argument>,
    columnsArg(input, 0),
    input.context.grid.count,
  );
}

function toVector(input: CallInput): ReturnType<VectorFunction> {
  return vector([fullColumn(LabelSet.EMPTY, scalarArg(input, 0) as Float64Array)]);
}

/** The value of the only series at each step, NaN where there is none or more than one. */
function toScalar(input: CallInput): ScalarValue {
  const { count } = input.context.grid;
  const values = new Float64Array(count).fill(Number.NaN);
  const seen = new Uint8Array(count);
  for (const column of columnsArg(input, 0)) {
    for (let step = 0; step < count; step++) {
      if (column.present[step] === 0) continue;
      values[step] = seen[step] === 0 ? (column.values[step] as number) : Number.NaN;
      seen[step] = 1;
    }
  }
  return { type: 'scalar', values };
}

function constant(value: (input: CallInput) => number): VectorFunction {
  return (input) => {
    const values = new Float64Array(input.context.grid.count).fill(value(input));
    return { type: 'scalar', values };
  };
}

function mapFunctions<T>(
  functions: ReadonlyMap<string, T>,
  make: (one: T) => VectorFunction,
): [string, VectorFunction][] {
  return [...functions].map(([name, one]) => [name, make(one)]);
}
