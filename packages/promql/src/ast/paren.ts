import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
  readonly span: Span;
}
