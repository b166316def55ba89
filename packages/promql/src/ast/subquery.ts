import type { DurationExpr } from './duration.ts';
import type { Expr } from './expr.ts';
import type { Span } from './span.ts';
import type { TimeModifiers } from './time-modifier.ts';

/** `expr[1h:5m]`: the expression evaluated at each whole multiple of the step within the range. */
export interface Subquery extends TimeModifiers {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: DurationExpr;
  /** Left out: the engine's default interval. */
  readonly step?: DurationExpr | undefined;
  readonly span: Span;
}
