import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

export interface Unary {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Expr;
  readonly span: Span;
}
