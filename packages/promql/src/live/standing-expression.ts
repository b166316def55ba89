/** An expression fit to stand: checked, in canonical spelling, with what decides when it must be evaluated. */
import { CodedError, type Matcher } from '@nowcast/model';
import type { DurationExpr } from '../ast/duration.ts';
import { type Expr, unwrap } from '../ast/expr.ts';
import { walk } from '../ast/walk.ts';
import { typeOf } from '../check/check.ts';
import { typeName } from '../check/value-type.ts';
import { CALENDAR_FUNCTIONS } from '../functions/math.ts';
import { parseExpression } from '../parse/expression.ts';
import { formatExpression } from '../print/expression.ts';

export interface StandingExpression {
  readonly expr: Expr;
  /** Equal for expressions that mean the same but for spaces, quotes and outer parentheses. */
  readonly text: string;
  /** The matchers, where the expression is a bare selector. */
  readonly selector: readonly Matcher[] | undefined;
  /**
   * True when only a sample, or a series' end for lack of one, changes the value: time itself is nowhere in it, as a
   * range, an offset or time().
   */
  readonly isStill: boolean;
}

/** Functions of instant vectors whose value depends on the time of evaluation all the same. */
const MOVING_FUNCTIONS: ReadonlySet<string> = new Set(['time', 'timestamp', 'info']);
/** Functions of a query's start, end and step. */
const QUERY_FUNCTIONS: ReadonlySet<string> = new Set(['start', 'end', 'range', 'step']);

/**
 * Reads an expression that is to be evaluated as long as somebody watches.
 * @throws {CodedError} `bad-query` when it does not parse or check; `unsupported-query` when it gives neither an instant
 * vector nor a scalar, or refers to the start, end or step of a query.
 */
export function readStandingExpression(text: string): StandingExpression {
  const expr = unwrap(parseExpression(text, { experimental: true }));
  const type = typeOf(expr);
  if (type !== 'vector' && type !== 'scalar')
    throw unsupported(
      `it gives a ${typeName(type)}; only an instant vector or a scalar can be watched`,
    );
  walk(expr, refuseQueryTimes);
  const isSelector = expr.kind === 'vector-selector' && !expr.at && !expr.offset && !expr.extension;
  return {
    expr,
    text: formatExpression(expr),
    selector: isSelector ? expr.matchers : undefined,
    isStill: isStill(expr),
  };
}

function refuseQueryTimes(node: Expr): void {
  if ('at' in node && (node.at?.kind === 'start' || node.at?.kind === 'end'))
    throw unsupported(`a standing query has no ${node.at.kind}; write a time after @, or none`);
  if (node.kind === 'call' && QUERY_FUNCTIONS.has(node.name))
    throw unsupported(`${node.name}() belongs to a query over a range; write the value instead`);
  if ('offset' in node) refuseVariables(node.offset);
  if ('range' in node) refuseVariables(node.range);
  if ('step' in node) refuseVariables(node.step);
}

function refuseVariables(duration: DurationExpr | undefined): void {
  switch (duration?.kind) {
    case 'duration-variable':
      throw unsupported(
        `${duration.name}() belongs to a query over a range; write the duration instead`,
      );
    case 'duration-unary':
      return refuseVariables(duration.operand);
    case 'duration-paren':
      return refuseVariables(duration.inner);
    case 'duration-binary':
    case 'duration-extremum':
      refuseVariables(duration.left);
      return refuseVariables(duration.right);
    default:
      return undefined;
  }
}

function isStill(expr: Expr): boolean {
  let still = true;
  walk(expr, (node) => {
    if (node.kind === 'matrix-selector' || node.kind === 'subquery') still = false;
    if (node.kind === 'vector-selector' && (node.at || node.offset || node.extension))
      still = false;
    if (node.kind !== 'call') return;
    if (MOVING_FUNCTIONS.has(node.name)) still = false;
    // hour() and such without an argument mean now.
    if (CALENDAR_FUNCTIONS.has(node.name) && node.args.length === 0) still = false;
  });
  return still;
}

function unsupported(reason: string): CodedError<'unsupported-query'> {
  return new CodedError('unsupported-query', `the expression cannot stand: ${reason}`);
}
