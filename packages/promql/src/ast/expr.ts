/**
 * An expression as data: plain objects, no methods, no cycles, so that it can be compared, stored and
 * sent to a worker (matchers aside, which carry their compiled test). One kind of node per file.
 */
import type { Aggregate } from './aggregate.ts';
import type { Binary } from './binary.ts';
import type { Call } from './call.ts';
import type { MatrixSelector } from './matrix-selector.ts';
import type { NumberLiteral } from './number-literal.ts';
import type { Paren } from './paren.ts';
import type { StringLiteral } from './string-literal.ts';
import type { Subquery } from './subquery.ts';
import type { Unary } from './unary.ts';
import type { VectorSelector } from './vector-selector.ts';

export type Expr =
  | Aggregate
  | Binary
  | Call
  | MatrixSelector
  | NumberLiteral
  | Paren
  | StringLiteral
  | Subquery
  | Unary
  | VectorSelector;

/** The expression without the parentheses around it. */
export function unwrap(expr: Expr): Exclude<Expr, { kind: 'paren' }> {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}
