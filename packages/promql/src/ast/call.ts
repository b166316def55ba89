import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

/** A function call. The name is one of the registry's; arguments left out are left out here too. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly span: Span;
}
