import type { LabelSet } from './labels.ts';
import type { Matcher } from './matcher.ts';
import type { SeriesData } from './series.ts';

/** Both ends inclusive, milliseconds since the Unix epoch. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What a point says about its window of time; each stands at the time of the window's last sample. `increase`
 * is a counter's, resets taken into account, since the window before.
 */
export type RollupPoint = 'last' | 'min' | 'max' | 'average' | 'sum' | 'count' | 'increase';

export interface SelectRequest extends TimeRange {
  /** At least one must not match the empty string; the store does not check. */
  readonly matchers: readonly Matcher[];
  /** Aborting rejects the call with the signal's reason and stops the work behind it. */
  readonly signal?: AbortSignal | undefined;
  /** Over this many samples the call is rejected with `too-many-samples`. */
  readonly samplesMax?: number | undefined;
  /**
   * The evaluation step the samples are for. A store that keeps rollups may answer with one point per
   * rollup window when the step is several times longer; `SelectResult.resolutionMs` says that it did.
   * Without it the samples come as they were sent.
   */
  readonly stepMs?: number | undefined;
  /** What the points of rollup windows hold; default `last`. Samples as they were sent ignore it. */
  readonly point?: RollupPoint | undefined;
}

export interface SelectResult {
  /** Ordered by labels; series without a sample in the range are left out. */
  readonly series: readonly SeriesData[];
  /** Distance of the points when they come from rollups; undefined for the samples as they were sent. */
  readonly resolutionMs?: number | undefined;
  /** Parts of the store that could not be read; what is returned is right, but may be incomplete. */
  readonly warnings: readonly string[];
}

export interface LabelRequest extends Partial<TimeRange> {
  /** Sets of matchers of which a series must meet one; empty means every series. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  readonly signal?: AbortSignal | undefined;
}

/** The way out of a store. Answers may come from a worker thread, so every call is asynchronous. */
export interface Queryable {
  select(request: SelectRequest): Promise<SelectResult>;
  /** Label sets with at least one sample in the range, ordered. */
  labelSets(request: LabelRequest): Promise<readonly LabelSet[]>;
  /** Names, ordered, the metric name's `__name__` included. */
  labelNames(request: LabelRequest): Promise<readonly string[]>;
  /** Values of one label, ordered. */
  labelValues(name: string, request: LabelRequest): Promise<readonly string[]>;
}
