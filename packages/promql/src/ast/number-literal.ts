import type { Span } from './span.ts';

/** A number; one written as a duration (`5m`) stands for its seconds and keeps the spelling. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly isDuration: boolean;
  readonly span: Span;
}
