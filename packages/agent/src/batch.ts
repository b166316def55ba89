/**
 * What the agent measures, tick by tick. A series is announced once, in the batch that carries its first
 * value, under a ref; a staleness marker ends it, and the ref is never used again.
 */
import type { LabelSet, MetricType } from '@nowcast/model';

export interface SeriesDefinition {
  /** A whole number, unique for the agent's life; dense from the first ref. */
  readonly ref: number;
  readonly labels: LabelSet;
  readonly type: MetricType;
  readonly help: string;
  /** Base unit, as in the metric's name; empty where there is none. */
  readonly unit: string;
}

export interface Batch {
  /** Milliseconds since the Unix epoch, on the grid of the interval. */
  readonly timeMs: number;
  readonly newSeries: readonly SeriesDefinition[];
  /** `values[i]` belongs to `refs[i]`; the receiver owns both arrays. */
  readonly refs: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

export interface BatchSink {
  publish(batch: Batch): void;
}
