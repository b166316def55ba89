/**
 * The type checker: an expression that passes can only fail on data. The wording is Prometheus's, since
 * people search for it and tools match on it.
 */
import type { Matcher } from '@nowcast/model';
import { assertNever } from '@nowcast/std';
import type { Aggregate } from '../ast/aggregate.ts';
import type { Call } from '../ast/call.ts';
import type { Expr } from '../ast/expr.ts';
import type { MatrixSelector } from '../ast/matrix-selector.ts';
import type { Subquery } from '../ast/subquery.ts';
import type { VectorSelector } from '../ast/vector-selector.ts';
import { functionSignature } from '../functions/signature.ts';
import { badQuery } from '../parse/position.ts';
import { checkBinary } from './binary.ts';
import { checkRangeDuration } from './duration.ts';
import { typeName, type ValueType } from './value-type.ts';

const EXPERIMENTAL_AGGREGATES: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);
const ANCHORED_IN: readonly string[] = ['changes', 'delta', 'increase', 'rate', 'resets'];
const SMOOTHED_IN: readonly string[] = ['delta', 'increase', 'rate'];

/** Throws `bad-query` at the first fault. */
export function checkExpression(text: string, expr: Expr, experimental: boolean): void {
  check({ text, experimental }, expr);
}

/** The type of a checked expression. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector-selector':
    case 'aggregate':
      return 'vector';
    case 'matrix-selector':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    case 'call':
      return functionSignature(expr.name)?.returns ?? 'vector';
  }
}

export interface CheckContext {
  readonly text: string;
  readonly experimental: boolean;
}

function check(context: CheckContext, expr: Expr): void {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return;
    case 'vector-selector':
      checkSelector(context, expr);
      return;
    case 'matrix-selector':
      checkMatrix(context, expr);
      return;
    case 'subquery':
      checkSubquery(context, expr);
      return;
    case 'paren':
      check(context, expr.expr);
      return;
    case 'unary':
      check(context, expr.expr);
      if (!isNumeric(typeOf(expr.expr)))
        throw badQuery(
          context.text,
          expr.span,
          `unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(typeName(typeOf(expr.expr)))}`,
        );
      return;
    case 'binary':
      check(context, expr.left);
      check(context, expr.right);
      checkBinary(context, expr, [typeOf(expr.left), typeOf(expr.right)]);
      return;
    case 'aggregate':
      checkAggregate(context, expr);
      return;
    case 'call':
      checkCall(context, expr);
      return;
    default:
      assertNever(expr);
  }
}

function isNumeric(type: ValueType): boolean {
  return type === 'scalar' || type === 'vector';
}

function checkSelector(context: CheckContext, expr: VectorSelector): void {
  requireExperimental(context, expr, expr.extension && `${expr.extension} modifier`);
  if (expr.matchers.every(matchesEmpty))
    throw badQuery(
      context.text,
      expr.span,
      'vector selector must contain at least one non-empty matcher',
    );
}

function matchesEmpty(matcher: Matcher): boolean {
  return matcher.matches('');
}

function checkMatrix(context: CheckContext, expr: MatrixSelector): void {
  check(context, expr.selector);
  checkRangeDuration(context.text, expr.range);
}

function checkSubquery(context: CheckContext, expr: Subquery): void {
  check(context, expr.expr);
  const type = typeOf(expr.expr);
  if (type !== 'vector')
    throw badQuery(
      context.text,
      expr.span,
      `subquery is only allowed on instant vector, got ${typeName(type)} instead`,
    );
  checkRangeDuration(context.text, expr.range);
  if (expr.step) checkRangeDuration(context.text, expr.step);
}

function checkAggregate(context: CheckContext, expr: Aggregate): void {
  if (EXPERIMENTAL_AGGREGATES.has(expr.op)) requireExperimental(context, expr, `${expr.op}()`);
  check(context, expr.expr);
  expectType(context, expr.expr, 'vector', 'aggregation expression');
  if (!expr.param) return;
  check(context, expr.param);
  const wanted = expr.op === 'count_values' ? 'string' : 'scalar';
  expectType(context, expr.param, wanted, 'aggregation parameter');
}

function checkCall(context: CheckContext, expr: Call): void {
  const signature = functionSignature(expr.name);
  if (!signature)
    throw badQuery(
      context.text,
      expr.span,
      `unknown function with name ${JSON.stringify(expr.name)}`,
    );
  if (signature.experimental && !context.experimental)
    throw badQuery(context.text, expr.span, `function ${JSON.stringify(expr.name)} is not enabled`);
  checkArity(context, expr);
  expr.args.forEach((arg, at) => {
    const isInfoSelector = expr.name === 'info' && at === 1;
    if (isInfoSelector) checkInfoSelector(context, arg);
    else check(context, arg);
    const wanted = signature.args[Math.min(at, signature.args.length - 1)] as ValueType;
    expectType(context, arg, wanted, `call to function ${JSON.stringify(expr.name)}`);
    checkExtension(context, expr, arg);
  });
}

function checkArity(context: CheckContext, expr: Call): void {
  const { argsMin, argsMax } = functionSignature(expr.name) ?? { argsMin: 0, argsMax: 0 };
  const got = expr.args.length;
  if (got >= argsMin && got <= argsMax) return;
  const bound =
    argsMin === argsMax
      ? String(argsMin)
      : got < argsMin
        ? `at least ${argsMin}`
        : `at most ${argsMax}`;
  throw badQuery(
    context.text,
    expr.span,
    `expected ${bound} argument(s) in call to ${JSON.stringify(expr.name)}, got ${got}`,
  );
}

/** The second argument of info() is no selector but conditions on info series, and may be empty. */
function checkInfoSelector(context: CheckContext, arg: Expr): void {
  if (arg.kind === 'vector-selector' && !arg.at && !arg.offset) return;
  throw badQuery(context.text, arg.span, 'expected label selectors only');
}

function checkExtension(context: CheckContext, call: Call, arg: Expr): void {
  if (arg.kind !== 'matrix-selector' || !arg.selector.extension) return;
  const { extension } = arg.selector;
  const allowed = extension === 'anchored' ? ANCHORED_IN : SMOOTHED_IN;
  if (allowed.includes(call.name)) return;
  throw badQuery(
    context.text,
    call.span,
    `${extension} modifier can only be used with: ${allowed.join(', ')} - not with ${call.name}`,
  );
}

function requireExperimental(context: CheckContext, expr: Expr, what: string | undefined): void {
  if (what === undefined || context.experimental) return;
  throw badQuery(context.text, expr.span, `${what} is experimental and not enabled`);
}

function expectType(context: CheckContext, expr: Expr, wanted: ValueType, where: string): void {
  const type = typeOf(expr);
  if (type === wanted) return;
  throw badQuery(
    context.text,
    expr.span,
    `expected type ${typeName(wanted)} in ${where}, got ${typeName(type)}`,
  );
}
