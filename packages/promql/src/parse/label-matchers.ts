import type { SyntaxNode } from '@lezer/common';
import { createMatcher, type Matcher, METRIC_NAME, type MatchOp } from '@nowcast/model';
import type { Span } from '../ast/span.ts';
import { badQuery } from './position.ts';
import { unquote } from './string-literal.ts';
import { childrenOf, spanOf, textOf } from './syntax-tree.ts';

/** The text of a StringLiteral node. */
export function readString(text: string, node: SyntaxNode): string {
  const value = unquote(textOf(text, node));
  if (typeof value === 'string') return value;
  throw badQuery(text, { from: node.from + value.at, to: node.to }, value.reason);
}

/** The matchers of a VectorSelector node, the metric name first, the others as they are written. */
export function readMatchers(text: string, selector: SyntaxNode): readonly Matcher[] {
  const matchers: Matcher[] = [];
  let metric: string | undefined;
  const setMetric = (name: string, span: Span): void => {
    if (metric !== undefined)
      throw badQuery(text, span, `metric name must not be set twice: "${metric}" or "${name}"`);
    metric = name;
    matchers.unshift(createMatcher(METRIC_NAME, '=', name));
  };
  for (const child of childrenOf(selector)) {
    if (child.name === 'Identifier') setMetric(textOf(text, child), child);
    if (child.name !== 'LabelMatchers') continue;
    for (const part of childrenOf(child)) {
      if (part.name === 'QuotedLabelName') setMetric(readQuotedName(text, part), part);
      else matchers.push(readMatcher(text, part));
    }
  }
  const second = metric === undefined ? undefined : matchers.slice(1).find(isMetricEquality);
  if (second)
    throw badQuery(
      text,
      spanOf(selector),
      `metric name must not be set twice: "${metric}" or "${second.value}"`,
    );
  return matchers;
}

/** Refuses a selector that every series would meet: it would read the whole store. */
export function checkSelective(text: string, span: Span, matchers: readonly Matcher[]): void {
  if (matchers.every((matcher) => matcher.matches('')))
    throw badQuery(text, span, 'vector selector must contain at least one non-empty matcher');
}

/** A quoted name, as it may stand where a metric or label name does. */
export function readQuotedName(text: string, node: SyntaxNode): string {
  return readString(text, node.firstChild as SyntaxNode);
}

function readMatcher(text: string, node: SyntaxNode): Matcher {
  const [nameNode, opNode, valueNode] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode];
  const name =
    nameNode.name === 'QuotedLabelName' ? readQuotedName(text, nameNode) : textOf(text, nameNode);
  const op = textOf(text, opNode) as MatchOp;
  try {
    return createMatcher(name, op, readString(text, valueNode));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badQuery(text, valueNode, reason, cause);
  }
}

function isMetricEquality(matcher: Matcher): boolean {
  return matcher.name === METRIC_NAME && matcher.op === '=' && matcher.value !== '';
}
