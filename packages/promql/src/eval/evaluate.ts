/**
 * The evaluator: one pass over the tree, bottom up, every node for all steps of its grid. It only
 * computes; samples are there before it starts.
 */
import { CodedError } from '@nowcast/model';
import { assertNever, must } from '@nowcast/std';
import { evalAggregate } from '../aggregations/aggregate.ts';
import type { Aggregate } from '../ast/aggregate.ts';
import { type Binary, isSetOp } from '../ast/binary.ts';
import type { Call } from '../ast/call.ts';
import { type Expr, unwrap } from '../ast/expr.ts';
import type { Unary } from '../ast/unary.ts';
import { typeOf } from '../check/check.ts';
import { VECTOR_FUNCTIONS } from '../functions/vector-functions.ts';
import { type Column, type ScalarValue, type Value, vector, type VectorValue } from './column.ts';
import type { EvalContext } from './context.ts';
import { mergeColumns } from './merge.ts';
import { dropMetric } from './metric-labels.ts';
import { evalInfo } from './info-call.ts';
import { evalRangeCall } from './range-call.ts';
import { evalMatrixSelector, type RangeVector, subqueryVector } from './range-vector.ts';
import { scalarScalar, vectorScalar } from './scalar-operation.ts';
import { setOperation } from './set-operation.ts';
import { subqueryGrid } from './time-reference.ts';
import { vectorVector } from './vector-operation.ts';
import { evalSelector } from './vector-selector.ts';

/** The value of a checked expression that is no range vector. */
export function evaluate(context: EvalContext, expr: Expr): Value {
  context.check();
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(context.grid.count).fill(expr.value) };
    case 'string':
      return { type: 'string', value: expr.value };
    case 'vector-selector':
      return vector(evalSelector(context, expr));
    case 'paren':
      return evaluate(context, expr.expr);
    case 'unary':
      return evalUnary(context, expr);
    case 'binary':
      return evalBinary(context, expr);
    case 'aggregate':
      return evalAggregate(context, expr, {
        columns: evalVector(context, expr.expr).columns,
        param: evalParam(context, expr),
      });
    case 'call':
      return evalCall(context, expr);
    case 'matrix-selector':
    case 'subquery':
      throw new TypeError('a range vector has a value only inside a function');
    default:
      return assertNever(expr);
  }
}

/** The range vector a matrix selector or subquery stands for. */
export function evalRange(context: EvalContext, expr: Expr): RangeVector {
  const inner = unwrap(expr);
  if (inner.kind === 'matrix-selector') return evalMatrixSelector(context, inner);
  if (inner.kind !== 'subquery') throw new TypeError('a range vector was expected');
  const grid = subqueryGrid(inner, context);
  const columns = grid.count === 0 ? [] : evalVector({ ...context, grid }, inner.expr).columns;
  return subqueryVector(context, inner, { columns, inner: grid });
}

function evalVector(context: EvalContext, expr: Expr): VectorValue {
  const value = evaluate(context, expr);
  return value.type === 'vector' ? value : vector([]);
}

function evalScalar(context: EvalContext, expr: Expr): ScalarValue {
  const value = evaluate(context, expr);
  return value.type === 'scalar'
    ? value
    : { type: 'scalar', values: new Float64Array(context.grid.count).fill(Number.NaN) };
}

function evalParam(context: EvalContext, { param }: Aggregate): Value | undefined {
  return param && evaluate(context, param);
}

function evalUnary(context: EvalContext, { op, expr }: Unary): Value {
  const value = evaluate(context, expr);
  if (op === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', values: negate(value.values) };
  const negated: Column[] = value.columns.map((column) => ({
    labels: dropMetric(column.labels),
    values: negate(column.values),
    present: column.present,
  }));
  return vector(mergeColumns(negated));
}

function negate(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}

function evalBinary(context: EvalContext, expr: Binary): Value {
  if (expr.op === '</' || expr.op === '>/')
    throw new CodedError(
      'native-histogram',
      `operator ${JSON.stringify(expr.op)} cuts native histograms, which are not supported; use classic ones, with an "le" label`,
    );
  const left = evaluate(context, expr.left);
  const right = evaluate(context, expr.right);
  if (left.type === 'scalar' && right.type === 'scalar')
    return scalarScalar(expr.op, left.values, right.values);
  if (left.type === 'vector' && right.type === 'scalar')
    return vectorScalar(context, expr, {
      columns: left.columns,
      scalars: right.values,
      scalarFirst: false,
    });
  if (left.type === 'scalar' && right.type === 'vector')
    return vectorScalar(context, expr, {
      columns: right.columns,
      scalars: left.values,
      scalarFirst: true,
    });
  if (left.type !== 'vector' || right.type !== 'vector')
    throw new TypeError('an operand of a binary operation is a string');
  if (isSetOp(expr.op)) return setOperation(expr, left.columns, right.columns);
  return vectorVector(context, expr, [left.columns, right.columns]);
}

function evalCall(context: EvalContext, call: Call): Value {
  const rangeAt = call.args.findIndex((arg) => typeOf(arg) === 'matrix');
  if (rangeAt >= 0) {
    const params = call.args
      .filter((_, at) => at !== rangeAt)
      .map((arg) => evalScalar(context, arg).values);
    const range = evalRange(context, must(call.args[rangeAt], 'the range vector'));
    return evalRangeCall(context, { call, range, params });
  }
  const [first] = call.args;
  if (call.name === 'timestamp' && first) {
    const selector = unwrap(first);
    if (selector.kind === 'vector-selector') return timestamps(context, selector);
  }
  if (call.name === 'info' && first)
    return evalInfo(context, call, evalVector(context, first).columns);
  const evaluated = call.args.map((arg) => evaluate(context, arg));
  const apply = must(VECTOR_FUNCTIONS.get(call.name), call.name);
  return apply({ context, call, args: evaluated });
}

/** timestamp() straight on a selector shows when its samples were taken. */
function timestamps(
  context: EvalContext,
  selector: Extract<Expr, { kind: 'vector-selector' }>,
): VectorValue {
  const columns = evalSelector(context, selector, 'timestamp');
  return vector(mergeColumns(columns.map((one) => ({ ...one, labels: dropMetric(one.labels) }))));
}
