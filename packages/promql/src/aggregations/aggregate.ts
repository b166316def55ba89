import type { Aggregate } from '../ast/aggregate.ts';
import { type Column, emptyColumn, type Value, vector, type VectorValue } from '../eval/column.ts';
import { type EvalContext, queryFailed } from '../eval/context.ts';
import { mergeColumns } from '../eval/merge.ts';
import { quantile } from '../functions/quantile.ts';
import { formatFloat } from '../print/float.ts';
import { type Group, groupColumns } from './grouping.ts';
import { checkPickParam, pickColumns } from './pick.ts';
import { REDUCERS } from './reduce.ts';

/** What an aggregation works on: its operand and, for some, its parameter. */
export interface AggregateInput {
  readonly columns: readonly Column[];
  readonly param: Value | undefined;
}

export function evalAggregate(
  context: EvalContext,
  aggregate: Aggregate,
  { columns, param }: AggregateInput,
): VectorValue {
  const scalars = param?.type === 'scalar' ? param.values : new Float64Array(context.grid.count);
  const picks = param?.type === 'scalar' && aggregate.op !== 'quantile';
  if (picks) checkPickParam(aggregate, scalars);
  if (aggregate.op === 'quantile') remarkQuantile(context, aggregate, scalars);
  const out: Column[] = [];
  for (const group of groupColumns(aggregate, columns)) {
    context.check();
    const reduce = REDUCERS.get(aggregate.op);
    if (reduce) out.push(reduce(group, context.grid.count));
    else if (picks) out.push(...pickColumns(context, { group, aggregate }, scalars));
    else if (aggregate.op === 'quantile') out.push(quantileColumn(group, scalars));
    else out.push(...countValues(group, context.grid.count, labelParam(param)));
  }
  return vector(aggregate.op === 'count_values' ? mergeColumns(out) : out);
}

function quantileColumn({ labels, columns }: Group, phi: Float64Array): Column {
  const output = emptyColumn(labels, phi.length);
  const buffer = new Float64Array(columns.length);
  for (let step = 0; step < phi.length; step++) {
    let length = 0;
    for (const { values, present } of columns)
      if (present[step] === 1) buffer[length++] = values[step] as number;
    if (length === 0) continue;
    output.values[step] = quantile(phi[step] as number, buffer.subarray(0, length));
    output.present[step] = 1;
  }
  return output;
}

/** One series per distinct value, the value as a label. */
function countValues({ labels, columns }: Group, count: number, name: string): readonly Column[] {
  const byValue = new Map<string, Column>();
  for (const { values, present } of columns) {
    for (let step = 0; step < count; step++) {
      if (present[step] === 0) continue;
      const text = formatFloat(values[step] as number);
      let column = byValue.get(text);
      if (!column) byValue.set(text, (column = emptyColumn(labels.with(name, text), count)));
      column.values[step]!++;
      column.present[step] = 1;
    }
  }
  return [...byValue.values()];
}

function labelParam(param: Value | undefined): string {
  const name = param?.type === 'string' ? param.value : '';
  if (name === '') throw queryFailed(`invalid label name ${JSON.stringify(name)}`);
  return name;
}

function remarkQuantile(context: EvalContext, aggregate: Aggregate, phi: Float64Array): void {
  const bad = phi.find((value) => !(value >= 0 && value <= 1));
  if (bad === undefined) return;
  context.annotations.warn(
    `quantile value should be between 0 and 1, got ${formatFloat(bad)}`,
    aggregate.param?.span ?? aggregate.span,
  );
}
