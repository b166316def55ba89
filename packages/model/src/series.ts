import type { LabelSet } from './labels.ts';

/** Handle of a series inside one store: a small whole number, dense from 0, never used twice. */
export type SeriesRef = number;

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'unknown';

/** What is known about a metric beside its samples. */
export interface MetricMetadata {
  readonly type?: MetricType | undefined;
  /** Base unit as in the metric's name: `seconds`, `bytes`, `celsius`, `ratio`. */
  readonly unit?: string | undefined;
  readonly help?: string | undefined;
}

/** A series with samples of a range: two columns of equal length, times rising. */
export interface SeriesData {
  readonly labels: LabelSet;
  /** Milliseconds since the Unix epoch, strictly rising. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}
