/** The canonical text of an expression: one spelling for all that mean the same tree. It reads back equal. */
import { formatDuration, formatValue } from '@nowcast/model';
import type { Aggregate } from '../ast/aggregate.ts';
import type { Binary, VectorMatching } from '../ast/binary.ts';
import type { DurationExpr } from '../ast/duration.ts';
import type { Expr } from '../ast/expr.ts';
import type { TimeModifiers } from '../ast/time-modifier.ts';
import type { VectorSelector } from '../ast/vector-selector.ts';
import { formatLabelName, formatSelector, quoteString } from './label-matchers.ts';

export function formatExpression(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return formatNumber(expr.value, expr.isDuration);
    case 'string':
      return quoteString(expr.value);
    case 'paren':
      return `(${formatExpression(expr.expr)})`;
    case 'unary':
      return `${expr.op}${formatExpression(expr.expr)}`;
    case 'binary':
      return formatBinary(expr);
    case 'aggregate':
      return formatAggregate(expr);
    case 'call':
      return `${expr.name}(${expr.args.map(formatExpression).join(', ')})`;
    case 'vector-selector':
      return formatVector(expr, '');
    case 'matrix-selector':
      return formatVector(expr.selector, `[${formatDurationExpr(expr.range)}]`);
    case 'subquery': {
      const step = expr.step ? formatDurationExpr(expr.step) : '';
      const range = `[${formatDurationExpr(expr.range)}:${step}]`;
      return `${formatExpression(expr.expr)}${range}${formatModifiers(expr)}`;
    }
  }
}

/** What stands between a binary operator and its right operand, each part with a space before it. */
export function formatMatching(expr: Pick<Binary, 'returnBool' | 'matching'>): string {
  const { matching } = expr;
  let text = expr.returnBool ? ' bool' : '';
  const grouped = matching.cardinality === 'many-to-one' || matching.cardinality === 'one-to-many';
  if (matching.on || matching.labels.length > 0 || grouped)
    text += ` ${matching.on ? 'on' : 'ignoring'} (${formatNames(matching.labels)})`;
  if (grouped) {
    const side = matching.cardinality === 'many-to-one' ? 'group_left' : 'group_right';
    text += ` ${side} (${formatNames(matching.include)})`;
  }
  return text + formatFill(matching);
}

export function formatNames(names: readonly string[]): string {
  return names.map(formatLabelName).join(', ');
}

function formatFill({ fillLeft, fillRight }: VectorMatching): string {
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight))
    return ` fill (${formatValue(fillLeft)})`;
  const left = fillLeft === undefined ? '' : ` fill_left (${formatValue(fillLeft)})`;
  const right = fillRight === undefined ? '' : ` fill_right (${formatValue(fillRight)})`;
  return left + right;
}

function formatNumber(value: number, isDuration: boolean): string {
  return isDuration ? formatDuration(value * 1_000) : formatValue(value);
}

function formatBinary(expr: Binary): string {
  const left = formatExpression(expr.left);
  return `${left} ${expr.op}${formatMatching(expr)} ${formatExpression(expr.right)}`;
}

function formatAggregate(expr: Aggregate): string {
  const param = expr.param ? `${formatExpression(expr.param)}, ` : '';
  const word = expr.without ? ' without ' : expr.grouping.length > 0 ? ' by ' : '';
  const grouping = word === '' ? '' : `${word}(${formatNames(expr.grouping)}) `;
  return `${expr.op}${grouping}(${param}${formatExpression(expr.expr)})`;
}

function formatVector(selector: VectorSelector, range: string): string {
  const extension = selector.extension ? ` ${selector.extension}` : '';
  return `${formatSelector(selector.matchers)}${range}${extension}${formatModifiers(selector)}`;
}

function formatModifiers({ at, offset }: TimeModifiers): string {
  let text = '';
  if (at?.kind === 'timestamp') text += ` @ ${(at.timeMs / 1_000).toFixed(3)}`;
  else if (at) text += ` @ ${at.kind}()`;
  return offset ? `${text} offset ${formatDurationExpr(offset)}` : text;
}

function formatDurationExpr(duration: DurationExpr): string {
  switch (duration.kind) {
    case 'duration':
      return formatNumber(duration.seconds, duration.isDuration || duration.seconds >= 0.001);
    case 'duration-variable':
      return `${duration.name}()`;
    case 'duration-unary':
      return `${duration.op}${formatDurationExpr(duration.operand)}`;
    case 'duration-binary':
      return `${formatDurationExpr(duration.left)} ${duration.op} ${formatDurationExpr(duration.right)}`;
    case 'duration-extremum':
      return `${duration.name}(${formatDurationExpr(duration.left)}, ${formatDurationExpr(duration.right)})`;
    case 'duration-paren':
      return `(${formatDurationExpr(duration.inner)})`;
  }
}
