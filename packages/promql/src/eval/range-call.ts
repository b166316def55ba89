import { must } from '@nowcast/std';
import type { Call } from '../ast/call.ts';
import { absentFrom } from '../functions/absence.ts';
import {
  COUNTER_FUNCTIONS,
  NAME_KEEPING_RANGE_FUNCTIONS,
  RANGE_FUNCTIONS,
} from '../functions/range-functions.ts';
import { extendedKernel } from '../functions/extended-range.ts';
import { presentOverTime } from '../functions/over-time.ts';
import type { RangeKernel } from '../functions/range-kernel.ts';
import { type Column, emptyColumn, isEmpty, vector, type VectorValue } from './column.ts';
import type { EvalContext } from './context.ts';
import type { Grid } from './grid.ts';
import { refuseSameLabels } from './merge.ts';
import { dropMetric } from './metric-labels.ts';
import { createWindows, extendWindows, type RangeVector, slideWindows } from './range-vector.ts';
import { spread } from './vector-selector.ts';

/** The names of metrics that look like counters. */
const COUNTER_NAME = /(?:_total|_sum|_count|_bucket)$/;

/** A call of a range function with its arguments evaluated. */
export interface RangeCall {
  readonly call: Call;
  readonly range: RangeVector;
  readonly params: readonly Float64Array[];
}

export function evalRangeCall(context: EvalContext, input: RangeCall): VectorValue {
  const { call } = input;
  if (call.name === 'absent_over_time') {
    const present = applyKernel(context, input, presentOverTime);
    return absentFrom(must(call.args[0], 'an argument'), present, context.grid.count);
  }
  const { extension } = input.range;
  const kernel = extension
    ? extendedKernel(call.name, extension)
    : must(RANGE_FUNCTIONS.get(call.name), call.name);
  const columns = applyKernel(context, input, kernel);
  if (COUNTER_FUNCTIONS.has(call.name)) remarkGauges(context, call, columns);
  if (NAME_KEEPING_RANGE_FUNCTIONS.has(call.name)) return vector(columns);
  const unnamed = columns.map((column) => ({ ...column, labels: dropMetric(column.labels) }));
  return vector(refuseSameLabels(unnamed));
}

function applyKernel(
  context: EvalContext,
  { range, params }: RangeCall,
  kernel: RangeKernel,
): readonly Column[] {
  const reference = kernelGrid(context.grid, range.reference, params.length > 0);
  const windows = createWindows(reference.count);
  const columns: Column[] = [];
  for (const { labels, timesMs, values } of range.series) {
    context.check();
    slideWindows(timesMs, { reference, rangeMs: range.rangeMs }, windows);
    const { rangeMs, extension } = range;
    if (extension) {
      const { lookbackMs } = context;
      extendWindows(timesMs, { reference, rangeMs, extension }, { windows, lookbackMs });
    }
    const output = emptyColumn(labels, reference.count);
    kernel({ timesMs, values, windows, reference, rangeMs, grid: context.grid, params }, output);
    if (!isEmpty(output)) columns.push(spread(output, context.grid.count));
  }
  return columns;
}

/** A pinned window is evaluated once, unless an argument or the step's own time makes steps differ. */
function kernelGrid(grid: Grid, reference: Grid, stepsDiffer: boolean): Grid {
  if (reference.count === grid.count || !stepsDiffer) return reference;
  return { startMs: reference.startMs, stepMs: 0, count: grid.count };
}

function remarkGauges(context: EvalContext, call: Call, columns: readonly Column[]): void {
  for (const { labels } of columns) {
    const { metric } = labels;
    const type = labels.get('__type__');
    if (metric === '' || COUNTER_NAME.test(metric) || type === 'counter') continue;
    context.annotations.info(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(metric)}`,
      call.args[0]?.span ?? call.span,
    );
  }
}
