import type { Matcher } from '@nowcast/model';
import type { Expr } from './expr.ts';
import { infoSelector } from './info-selector.ts';

/** The direct operands of a node. */
export function childExprs(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'aggregate':
      return expr.param ? [expr.param, expr.expr] : [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return expr.args;
    case 'matrix-selector':
      return [expr.selector];
    case 'paren':
    case 'subquery':
    case 'unary':
      return [expr.expr];
    case 'number':
    case 'string':
    case 'vector-selector':
      return [];
  }
}

/** Calls `visit` for every node, a parent before its operands. */
export function walk(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr);
  for (const child of childExprs(expr)) walk(child, visit);
}

/** Every selector of the expression, in the order of writing: whose samples can change its value. */
export function extractSelectors(expr: Expr): readonly (readonly Matcher[])[] {
  if (expr.kind === 'vector-selector') return [expr.matchers];
  const children =
    expr.kind === 'call' && expr.name === 'info'
      ? [...expr.args.slice(0, 1), infoSelector(expr)]
      : childExprs(expr);
  return children.flatMap(extractSelectors);
}
