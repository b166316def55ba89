/**
 * Durations in brackets and after `offset`: mostly a constant, sometimes arithmetic over the query's own
 * step and range. They have no value before the query's grid is known.
 */
import type { Span } from './span.ts';

export type DurationOp = '+' | '-' | '*' | '/' | '%' | '^';

export interface DurationLiteral {
  readonly kind: 'duration';
  readonly seconds: number;
  readonly isDuration: boolean;
  readonly span: Span;
}

/** `step()`: the query's step; `range()`: its end less its start. */
export interface DurationVariable {
  readonly kind: 'duration-variable';
  readonly name: 'step' | 'range';
  readonly span: Span;
}

export interface DurationUnary {
  readonly kind: 'duration-unary';
  readonly op: '+' | '-';
  readonly operand: DurationExpr;
  readonly span: Span;
}

export interface DurationBinary {
  readonly kind: 'duration-binary';
  readonly op: DurationOp;
  readonly left: DurationExpr;
  readonly right: DurationExpr;
  readonly span: Span;
}

export interface DurationExtremum {
  readonly kind: 'duration-extremum';
  readonly name: 'min_of' | 'max_of';
  readonly left: DurationExpr;
  readonly right: DurationExpr;
  readonly span: Span;
}

export interface DurationParen {
  readonly kind: 'duration-paren';
  readonly inner: DurationExpr;
  readonly span: Span;
}

export type DurationExpr =
  | DurationLiteral
  | DurationVariable
  | DurationUnary
  | DurationBinary
  | DurationExtremum
  | DurationParen;
