import { type Binary, isComparison, isSetOp } from '../ast/binary.ts';
import { badQuery } from '../parse/position.ts';
import type { ValueType } from './value-type.ts';

interface Place {
  readonly text: string;
  readonly experimental: boolean;
}

/** Checks a binary operation whose operands are checked and have these types. */
export function checkBinary(
  { text, experimental }: Place,
  expr: Binary,
  [left, right]: readonly [ValueType, ValueType],
): void {
  const fail = (reason: string): never => {
    throw badQuery(text, expr.span, reason);
  };
  for (const type of [left, right])
    if (type !== 'scalar' && type !== 'vector')
      fail('binary expression must contain only scalar and instant vector types');
  const scalars = (left === 'scalar' ? 1 : 0) + (right === 'scalar' ? 1 : 0);
  if (isComparison(expr.op) && !expr.returnBool && scalars === 2)
    fail('comparisons between scalars must use BOOL modifier');
  if (isSetOp(expr.op) && scalars > 0)
    fail(`set operator ${JSON.stringify(expr.op)} not allowed in binary scalar expression`);
  checkMatching(expr, scalars, fail);
  const filled = expr.matching.fillLeft !== undefined || expr.matching.fillRight !== undefined;
  if (!filled) return;
  if (!experimental) fail('binop fill modifiers are experimental and not enabled');
  if (isSetOp(expr.op)) fail('filling in missing series not allowed for set operators');
  if (scalars > 0) fail('filling in missing series only allowed between instant vectors');
}

function checkMatching(expr: Binary, scalars: number, fail: (reason: string) => never): void {
  const { cardinality, on, labels, include } = expr.matching;
  if (scalars > 0) {
    if (expr.explicitMatching && labels.length > 0)
      fail('vector matching only allowed between instant vectors');
    return;
  }
  const grouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  if (isSetOp(expr.op) && grouped)
    fail(`no grouping allowed for ${JSON.stringify(expr.op)} operation`);
  const twice = on && include.find((label) => labels.includes(label));
  if (grouped && typeof twice === 'string')
    fail(`label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`);
}
