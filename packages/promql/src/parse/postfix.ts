/** Offset, `@`, ranges and subqueries: what stands behind an operand and says where in time it looks. */
import type { SyntaxNode } from '@lezer/common';
import type { DurationExpr } from '../ast/duration.ts';
import type { Expr } from '../ast/expr.ts';
import type { Span } from '../ast/span.ts';
import type { AtModifier, TimeModifiers } from '../ast/time-modifier.ts';
import type { RangeExtension } from '../ast/vector-selector.ts';
import { readDuration } from './duration-expression.ts';
import { readNumber } from './number.ts';
import { applyPostfix } from './operator-precedence.ts';
import { badQuery } from './position.ts';
import { childrenOf, spanOf } from './syntax-tree.ts';

const PRECEDED_BY =
  'must be preceded by an instant vector selector or range vector selector or a subquery';

/** Builds the node `node` makes of the operand already built from its first child. */
export function applyPostfixNode(text: string, node: SyntaxNode, operand: Expr): Expr {
  return applyPostfix(operand, spanOf(node), (last, span) => build(text, node, { last, span }));
}

interface Operand {
  readonly last: Expr;
  readonly span: Span;
}

function build(text: string, node: SyntaxNode, { last, span }: Operand): Expr {
  const children = childrenOf(node);
  const argument = children.at(-1) as SyntaxNode;
  switch (node.name) {
    case 'OffsetExpr':
      return modify(text, { last, span }, { offset: readDuration(text, argument) });
    case 'StepInvariantExpr':
      return modify(text, { last, span }, { at: readAt(text, argument) });
    case 'AnchoredExpr':
      return extend(text, { last, span }, 'anchored');
    case 'SmoothedExpr':
      return extend(text, { last, span }, 'smoothed');
    case 'MatrixSelector':
      return range(text, { last, span }, readDuration(text, argument));
    default:
      return {
        kind: 'subquery',
        expr: last,
        range: readDuration(text, children[1] as SyntaxNode),
        step: children[2] ? readDuration(text, children[2]) : undefined,
        span,
      };
  }
}

function range(text: string, { last, span }: Operand, duration: DurationExpr): Expr {
  if (last.kind !== 'vector-selector')
    throw badQuery(text, last.span, 'ranges only allowed for vector selectors');
  if (last.offset) throw badQuery(text, last.span, 'no offset modifiers allowed before range');
  if (last.at) throw badQuery(text, last.span, 'no @ modifiers allowed before range');
  return { kind: 'matrix-selector', selector: last, range: duration, span };
}

function modify(text: string, { last, span }: Operand, modifiers: TimeModifiers): Expr {
  if (last.kind === 'matrix-selector') {
    checkUnset(text, last.selector, modifiers, span);
    return { ...last, selector: { ...last.selector, ...modifiers }, span };
  }
  if (last.kind !== 'vector-selector' && last.kind !== 'subquery') {
    const what = modifiers.offset ? 'offset modifier' : '@ modifier';
    throw badQuery(text, last.span, `${what} ${PRECEDED_BY}`);
  }
  checkUnset(text, last, modifiers, span);
  return { ...last, ...modifiers, span };
}

function checkUnset(text: string, set: TimeModifiers, more: TimeModifiers, span: Span): void {
  if (set.offset && more.offset) throw badQuery(text, span, 'offset may not be set multiple times');
  if (set.at && more.at) throw badQuery(text, span, '@ <timestamp> may not be set multiple times');
}

function extend(text: string, { last, span }: Operand, extension: RangeExtension): Expr {
  const selector = last.kind === 'matrix-selector' ? last.selector : last;
  if (selector.kind !== 'vector-selector')
    throw badQuery(
      text,
      last.span,
      `${extension} modifier must be preceded by an instant vector selector or range vector selector`,
    );
  if (selector.extension !== undefined)
    throw badQuery(text, span, 'anchored and smoothed modifiers may not be set multiple times');
  const extended = { ...selector, extension };
  if (last.kind === 'matrix-selector') return { ...last, selector: extended, span };
  if (extension === 'anchored')
    throw badQuery(text, span, 'anchored modifier can only be used with a range vector selector');
  return { ...extended, span };
}

function readAt(text: string, node: SyntaxNode): AtModifier {
  if (node.name === 'AtModifierPreprocessors')
    return { kind: node.firstChild?.name === 'AtStart' ? 'start' : 'end' };
  const { value } = readNumber(text, node);
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER / 1_000)
    throw badQuery(text, node, 'timestamp out of bounds for @ modifier: ' + String(value));
  return { kind: 'timestamp', timeMs: Math.round(value * 1_000) };
}
