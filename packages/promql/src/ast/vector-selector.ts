import type { Matcher } from '@nowcast/model';
import type { Span } from './span.ts';
import type { TimeModifiers } from './time-modifier.ts';

/** How samples outside the range count: not at all, the last before it, or interpolated on both ends. */
export type RangeExtension = 'anchored' | 'smoothed';

/** `metric{label="value"}`: for every series its newest sample within the lookback. */
export interface VectorSelector extends TimeModifiers {
  readonly kind: 'vector-selector';
  /** The metric name's matcher first, where a name is written; the others in the order of writing. */
  readonly matchers: readonly Matcher[];
  readonly extension?: RangeExtension | undefined;
  readonly span: Span;
}
