import type { SyntaxNode } from '@lezer/common';
import type { DurationExpr, DurationOp } from '../ast/duration.ts';
import { readNumber } from './number.ts';
import { childrenOf, spanOf, textOf } from './syntax-tree.ts';

const VARIABLES: Readonly<Record<string, 'step' | 'range'>> = {
  DurationStep: 'step',
  DurationRange: 'range',
};
const EXTREMA: Readonly<Record<string, 'min_of' | 'max_of'>> = {
  DurationMinOf: 'min_of',
  DurationMaxOf: 'max_of',
};

/** Builds a duration from a DurationExpr or OffsetDurationExpr node. */
export function readDuration(text: string, node: SyntaxNode): DurationExpr {
  const span = spanOf(node);
  const children = childrenOf(node);
  const [first, second, third] = children as [SyntaxNode, SyntaxNode?, SyntaxNode?];
  if (first.name === 'NumberDurationLiteralInDurationContext') {
    const { value, isDuration } = readNumber(text, first);
    return { kind: 'duration', seconds: value, isDuration, span };
  }
  const variable = VARIABLES[first.name];
  if (variable) return { kind: 'duration-variable', name: variable, span };
  const extremum = EXTREMA[first.name];
  if (extremum && second && third) {
    const [left, right] = [readDuration(text, second), readDuration(text, third)];
    return { kind: 'duration-extremum', name: extremum, left, right, span };
  }
  if (first.name === 'UnaryOp' && second) {
    const op = textOf(text, first) as '+' | '-';
    return { kind: 'duration-unary', op, operand: readDuration(text, second), span };
  }
  if (second && third) {
    const op = textOf(text, second) as DurationOp;
    const [left, right] = [readDuration(text, first), readDuration(text, third)];
    return { kind: 'duration-binary', op, left, right, span };
  }
  return { kind: 'duration-paren', inner: readDuration(text, first), span };
}
