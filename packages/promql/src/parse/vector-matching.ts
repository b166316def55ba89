import type { SyntaxNode } from '@lezer/common';
import { type BinaryOp, isSetOp, type VectorMatching } from '../ast/binary.ts';
import { readQuotedName } from './label-matchers.ts';
import { readNumber } from './number.ts';
import { childrenOf, textOf } from './syntax-tree.ts';

/** The names in a GroupingLabels node. */
export function readGrouping(text: string, node: SyntaxNode): readonly string[] {
  return childrenOf(node).map((name) =>
    name.name === 'QuotedLabelName' ? readQuotedName(text, name) : textOf(text, name),
  );
}

/** The matching a BinaryExpr node asks for; its modifiers may be absent. */
export function readMatching(
  text: string,
  op: BinaryOp,
  modifiers: readonly SyntaxNode[],
): VectorMatching {
  const none: VectorMatching = {
    cardinality: isSetOp(op) ? 'many-to-many' : 'one-to-one',
    on: false,
    labels: [],
    include: [],
  };
  const clause = modifiers.find((node) => node.name === 'MatchingModifierClause');
  const fill = modifiers.find((node) => node.name === 'FillModifier');
  return {
    ...none,
    ...(clause ? readClause(text, clause) : {}),
    ...(fill ? readFill(text, fill) : {}),
  };
}

function readClause(text: string, clause: SyntaxNode): Partial<VectorMatching> {
  const parts = childrenOf(clause);
  const lists = parts.filter((part) => part.name === 'GroupingLabels');
  const matching = {
    on: parts.some((part) => part.name === 'On'),
    labels: readGrouping(text, lists[0] as SyntaxNode),
  };
  const group = parts.find((part) => part.name === 'GroupLeft' || part.name === 'GroupRight');
  if (!group) return matching;
  return {
    ...matching,
    cardinality: group.name === 'GroupLeft' ? 'many-to-one' : 'one-to-many',
    include: lists[1] ? readGrouping(text, lists[1]) : [],
  };
}

function readFill(text: string, modifier: SyntaxNode): Partial<VectorMatching> {
  let fillLeft: number | undefined;
  let fillRight: number | undefined;
  for (const clause of childrenOf(modifier)) {
    const { value } = readNumber(text, clause.getChild('NumberDurationLiteral') as SyntaxNode);
    if (clause.name !== 'FillRightClause') fillLeft = value;
    if (clause.name !== 'FillLeftClause') fillRight = value;
  }
  return { fillLeft, fillRight };
}
