/**
 * The grammar binds postfix forms (offset, @, ranges) to a whole operation on their left and signs to
 * numbers before `^`; Prometheus binds them to the last operand. These functions put the tree right:
 * whatever the grammar nested, `a + b offset 5m` is `a + (b offset 5m)` and `-2 ^ 2` is `-(2 ^ 2)`.
 */
import { type Binary, type BinaryOp, precedence } from '../ast/binary.ts';
import type { Expr } from '../ast/expr.ts';
import type { NumberLiteral } from '../ast/number-literal.ts';
import type { Span } from '../ast/span.ts';

/** All of a binary operation but its left operand. */
export type BinaryTail = Omit<Binary, 'left' | 'span'>;

/** Puts `tail` behind `left`, as far down its right side as the operator binds tighter. */
export function joinBinary(left: Expr, tail: BinaryTail, text: string): Expr {
  if (left.kind === 'binary' && bindsTighter(tail.op, left.op)) {
    const right = joinBinary(left.right, tail, text);
    return { ...left, right, span: { from: left.span.from, to: right.span.to } };
  }
  if (tail.op === '^') {
    const signed = asUnary(left, text);
    if (signed) {
      const expr = joinBinary(signed.expr, tail, text);
      return { ...signed, expr, span: { from: signed.span.from, to: expr.span.to } };
    }
  }
  return { ...tail, left, span: { from: left.span.from, to: tail.right.span.to } };
}

/** Applies a postfix form to the last operand of `expr`. */
export function applyPostfix(
  expr: Expr,
  span: Span,
  apply: (operand: Expr, span: Span) => Expr,
): Expr {
  if (expr.kind === 'binary') {
    const right = applyPostfix(expr.right, { from: expr.right.span.from, to: span.to }, apply);
    return { ...expr, right, span: { from: expr.span.from, to: span.to } };
  }
  if (expr.kind === 'unary') {
    const inner = applyPostfix(expr.expr, { from: expr.expr.span.from, to: span.to }, apply);
    return { ...expr, expr: inner, span: { from: expr.span.from, to: span.to } };
  }
  return apply(expr, span);
}

function bindsTighter(op: BinaryOp, than: BinaryOp): boolean {
  const difference = precedence(op) - precedence(than);
  return difference > 0 || (difference === 0 && op === '^');
}

function asUnary(expr: Expr, text: string): Extract<Expr, { kind: 'unary' }> | undefined {
  if (expr.kind === 'unary') return expr;
  if (expr.kind !== 'number') return undefined;
  const sign = text[expr.span.from];
  if (sign !== '-' && sign !== '+') return undefined;
  return { kind: 'unary', op: sign, expr: unsigned(expr, sign, text), span: expr.span };
}

function unsigned(literal: NumberLiteral, sign: '+' | '-', text: string): NumberLiteral {
  const gap = /^\s*/.exec(text.slice(literal.span.from + 1))?.[0].length ?? 0;
  const span = { from: literal.span.from + 1 + gap, to: literal.span.to };
  return { ...literal, value: sign === '-' ? -literal.value : literal.value, span };
}
