import type { Expr } from './expr.ts';
import type { Span } from './span.ts';

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOp = 'and' | 'or' | 'unless';
/** Cut a native histogram above or below a value; float samples have nothing to cut. */
export type TrimOp = '</' | '>/';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp | TrimOp;

export type Cardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

/** How the series of two vectors find each other. */
export interface VectorMatching {
  readonly cardinality: Cardinality;
  /** True: only `labels` count (`on`); false: all but those (`ignoring`). */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels taken over from the "one" side by group_left or group_right. */
  readonly include: readonly string[];
  /** Values for a side that has no series to match. */
  readonly fillLeft?: number | undefined;
  readonly fillRight?: number | undefined;
}

export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: 0 or 1 instead of dropping what does not compare. */
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
  /** True when on, ignoring or a grouping was written; then both sides must be vectors. */
  readonly explicitMatching: boolean;
  readonly span: Span;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(op: BinaryOp): op is ComparisonOp {
  return COMPARISONS.has(op);
}

export function isSetOp(op: BinaryOp): op is SetOp {
  return SETS.has(op);
}

/** How tightly an operator binds: more binds first. */
export function precedence(op: BinaryOp): number {
  if (op === '^') return 6;
  if (op === '*' || op === '/' || op === '%' || op === 'atan2') return 5;
  if (op === '+' || op === '-') return 4;
  if (op === 'and' || op === 'unless') return 2;
  return op === 'or' ? 1 : 3;
}
