import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

type PlainAggregateOp = 'sum' | 'avg' | 'count' | 'min' | 'max' | 'group' | 'stddev' | 'stdvar';

const WITH_PARAM = [
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
] as const;

export type AggregateOp = PlainAggregateOp | (typeof WITH_PARAM)[number];

const withParam: ReadonlySet<string> = new Set(WITH_PARAM);

/** True for the operators that take a parameter before the vector. */
export function takesParam(op: AggregateOp): boolean {
  return withParam.has(op);
}

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
