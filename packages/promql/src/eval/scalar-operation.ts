/** Binary operations with a scalar on at least one side. */
import { type Binary, isComparison } from '../ast/binary.ts';
import { type Column, type ScalarValue, vector, type VectorValue } from './column.ts';
import type { EvalContext } from './context.ts';
import { mergeColumns } from './merge.ts';
import { dropMetric } from './metric-labels.ts';
import { arithmetic, comparison, isArithmetic } from './operators.ts';

export function scalarScalar(
  op: Binary['op'],
  left: Float64Array,
  right: Float64Array,
): ScalarValue {
  const apply = numeric(op);
  const values = new Float64Array(left.length);
  for (let step = 0; step < values.length; step++)
    values[step] = apply(left[step] as number, right[step] as number);
  return { type: 'scalar', values };
}

export interface VectorScalarInput {
  readonly columns: readonly Column[];
  readonly scalars: Float64Array;
  /** The scalar was written on the left. */
  readonly scalarFirst: boolean;
}

export function vectorScalar(
  context: EvalContext,
  expr: Binary,
  input: VectorScalarInput,
): VectorValue {
  const { op, returnBool } = expr;
  const filters = isComparison(op) && !returnBool;
  const out: Column[] = [];
  for (const column of input.columns) {
    context.check();
    out.push(filters ? filter(column, expr, input) : compute(column, expr, input));
  }
  return vector(filters ? out : mergeColumns(out));
}

function compute(
  { labels, values, present }: Column,
  { op }: Binary,
  { scalars, scalarFirst }: VectorScalarInput,
): Column {
  const apply = numeric(op);
  const result = new Float64Array(values.length);
  for (let step = 0; step < values.length; step++) {
    const value = values[step] as number;
    const scalar = scalars[step] as number;
    result[step] = scalarFirst ? apply(scalar, value) : apply(value, scalar);
  }
  return { labels: dropMetric(labels), values: result, present };
}

function filter(column: Column, { op }: Binary, input: VectorScalarInput): Column {
  if (!isComparison(op)) return column;
  const holds = comparison(op);
  const { scalars, scalarFirst } = input;
  const present = new Uint8Array(column.present.length);
  for (let step = 0; step < present.length; step++) {
    if (column.present[step] === 0) continue;
    const value = column.values[step] as number;
    const scalar = scalars[step] as number;
    if (scalarFirst ? holds(scalar, value) : holds(value, scalar)) present[step] = 1;
  }
  return { ...column, present };
}

/** The operation as a number, a comparison as 0 or 1. */
export function numeric(op: Binary['op']): (left: number, right: number) => number {
  if (isComparison(op)) {
    const holds = comparison(op);
    return (left, right) => (holds(left, right) ? 1 : 0);
  }
  return isArithmetic(op) ? arithmetic(op) : () => Number.NaN;
}
