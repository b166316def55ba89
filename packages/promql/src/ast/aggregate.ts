import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

export const AGGREGATE_OPS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
] as const;

export type AggregateOp = (typeof AGGREGATE_OPS)[number];

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly op: AggregateOp;
  readonly expr: Expr;
  /** k, φ, the label or the ratio, of the operators that take one. */
  readonly param?: Expr | undefined;
  /** Names as written after `by` or `without`. */
  readonly grouping: readonly string[];
  readonly without: boolean;
  readonly span: Span;
}
