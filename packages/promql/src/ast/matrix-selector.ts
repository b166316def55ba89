import type { DurationExpr } from './duration.ts';
import type { Span } from './span.ts';
import type { VectorSelector } from './vector-selector.ts';

/** `metric[5m]`: for every series its samples of the range, the left end excluded. */
export interface MatrixSelector {
  readonly kind: 'matrix-selector';
  /** Carries the `@`, the offset and the extension of the whole. */
  readonly selector: VectorSelector;
  readonly range: DurationExpr;
  readonly span: Span;
}
