/**
 * The door to the grammar: text in, lezer tree out, the first syntax error thrown in Prometheus's words.
 * A tree that leaves here has no error nodes, so that the builders need not look for them.
 */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Span } from '../ast/span.ts';
import { badQuery } from './position.ts';
import { describeSyntaxError } from './syntax-error.ts';

/** A stack of this many open brackets is no query any more, but would exhaust ours. */
const DEPTH_MAX = 1_000;

/** The root node of the text's tree. */
export function parseTree(text: string): SyntaxNode {
  const tree = parser.parse(foldSpelling(text));
  const error = firstError(tree.topNode);
  if (error) {
    const { span, reason } = describeSyntaxError(text, error);
    throw badQuery(text, span, reason);
  }
  const root = tree.topNode.firstChild;
  const expression = root?.name === 'LineComment' ? nextExpression(root) : root;
  if (!expression) throw badQuery(text, { from: 0, to: 0 }, 'no expression found in input');
  checkDepth(text, tree.topNode);
  return expression;
}

/** Children that carry meaning. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment') children.push(child);
  return children;
}

export function textOf(text: string, node: SyntaxNode): string {
  return text.slice(node.from, node.to);
}

export function spanOf(node: SyntaxNode): Span {
  return { from: node.from, to: node.to };
}

function nextExpression(node: SyntaxNode): SyntaxNode | undefined {
  let next: SyntaxNode | null = node;
  while (next && next.name === 'LineComment') next = next.nextSibling;
  return next ?? undefined;
}

function firstError(root: SyntaxNode): SyntaxNode | undefined {
  const cursor = root.cursor();
  do if (cursor.type.isError) return cursor.node;
  while (cursor.next());
  return undefined;
}

function checkDepth(text: string, root: SyntaxNode): void {
  let depth = 0;
  root.cursor().iterate(
    (node) => {
      depth++;
      if (depth > DEPTH_MAX)
        throw badQuery(text, node, `expression is nested over ${DEPTH_MAX} deep`);
    },
    () => {
      depth--;
    },
  );
}

/**
 * What Prometheus reads and the grammar does not, brought to the grammar's spelling: these words in any
 * case, a number that ends in its point, and two names that its table of keywords, an ordinary object,
 * takes for its own. Positions stay; everything is read from the text as written.
 */
function foldSpelling(text: string): string {
  return text
    .replaceAll(/\b(?:step|range|min_of|max_of)(?=\s*\()/gi, (word) => word.toLowerCase())
    .replaceAll(/\b(?:constructor|__proto__)\b/gi, (name) => '_'.repeat(name.length))
    .replaceAll(/(?<![\w.])(\d[\d_]*)\.(?![\w.])/g, '$1 ');
}
