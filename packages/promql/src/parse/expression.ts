import type { SyntaxNode } from '@lezer/common';
import { type AggregateOp, takesParam } from '../ast/aggregate.ts';
import { type BinaryOp, isComparison } from '../ast/binary.ts';
import type { Expr } from '../ast/expr.ts';
import { checkExpression } from '../check/check.ts';
import { readMatchers, readString } from './label-matchers.ts';
import { readNumber } from './number.ts';
import { joinBinary } from './operator-precedence.ts';
import { badQuery } from './position.ts';
import { applyPostfixNode } from './postfix.ts';
import { childrenOf, parseTree, spanOf, textOf } from './syntax-tree.ts';
import { readGrouping, readMatching } from './vector-matching.ts';

export interface ParseOptions {
  /** Accept functions, aggregations and modifiers that Prometheus keeps behind a feature flag. */
  readonly experimental?: boolean | undefined;
}

/**
 * Reads and type-checks an expression.
 * @throws {CodedError} `bad-query` with Prometheus's wording; `details` has line, column, from, to.
 */
export function parseExpression(text: string, options: ParseOptions = {}): Expr {
  const expr = buildExpr(text, parseTree(text));
  checkExpression(text, expr, options.experimental ?? false);
  return expr;
}

function buildExpr(text: string, node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return readNumber(text, node);
    case 'StringLiteral':
      return { kind: 'string', value: readString(text, node), span };
    case 'VectorSelector':
      return buildSelector(text, node);
    case 'ParenExpr':
      return { kind: 'paren', expr: buildExpr(text, childrenOf(node)[0] as SyntaxNode), span };
    case 'UnaryExpr':
      return buildUnary(text, node);
    case 'BinaryExpr':
      return buildBinary(text, node);
    case 'FunctionCall':
      return buildCall(text, node);
    case 'AggregateExpr':
      return buildAggregate(text, node);
    default:
      return applyPostfixNode(text, node, buildExpr(text, childrenOf(node)[0] as SyntaxNode));
  }
}

function buildSelector(text: string, node: SyntaxNode): Expr {
  const matchers = readMatchers(text, node);
  // An info() selector may be empty; the checker sees where a selector stands, so it decides.
  return { kind: 'vector-selector', matchers, span: spanOf(node) };
}

function buildUnary(text: string, node: SyntaxNode): Expr {
  const [op, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode];
  const sign = textOf(text, op) as '+' | '-';
  return { kind: 'unary', op: sign, expr: buildExpr(text, operand), span: spanOf(node) };
}

function buildBinary(text: string, node: SyntaxNode): Expr {
  const [left, opNode, ...rest] = childrenOf(node) as [SyntaxNode, SyntaxNode, ...SyntaxNode[]];
  const right = rest.at(-1) as SyntaxNode;
  const modifiers = rest.slice(0, -1);
  const op = textOf(text, opNode).toLowerCase() as BinaryOp;
  const bool = modifiers.find((modifier) => modifier.name === 'BoolModifier');
  if (bool && !isComparison(op))
    throw badQuery(text, spanOf(bool), 'bool modifier can only be used on comparison operators');
  const tail = {
    kind: 'binary' as const,
    op,
    right: buildExpr(text, right),
    returnBool: bool !== undefined,
    matching: readMatching(text, op, modifiers),
    explicitMatching: modifiers.some((modifier) => modifier.name === 'MatchingModifierClause'),
  };
  return joinBinary(buildExpr(text, left), tail, text);
}

function buildCall(text: string, node: SyntaxNode): Expr {
  const [identifier, body] = childrenOf(node) as [SyntaxNode, SyntaxNode];
  const args = childrenOf(body).map((argument) => buildExpr(text, argument));
  const written = textOf(text, identifier);
  const name = /^(?:step|range)$/i.test(written) ? written.toLowerCase() : written;
  return { kind: 'call', name, args, span: spanOf(node) };
}

function buildAggregate(text: string, node: SyntaxNode): Expr {
  const [opNode] = childrenOf(node) as [SyntaxNode];
  const op = textOf(text, opNode).toLowerCase() as AggregateOp;
  const modifier = node.getChild('AggregateModifier');
  const labels = modifier?.getChild('GroupingLabels');
  const args = childrenOf(node.getChild('FunctionCallBody') as SyntaxNode);
  const wanted = takesParam(op) ? 2 : 1;
  if (args.length === 0)
    throw badQuery(text, spanOf(node), 'no arguments for aggregate expression provided');
  if (args.length !== wanted)
    throw badQuery(
      text,
      spanOf(node),
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  return {
    kind: 'aggregate',
    op,
    expr: buildExpr(text, args.at(-1) as SyntaxNode),
    param: wanted === 2 ? buildExpr(text, args[0] as SyntaxNode) : undefined,
    grouping: labels ? readGrouping(text, labels) : [],
    without: modifier?.getChild('Without') !== null && modifier !== null,
    span: spanOf(node),
  };
}
