import type { LabelSet } from './labels.ts';
import type { MetricMetadata, SeriesRef } from './series.ts';

/** What became of the samples of one `append`. The counts add up to the samples given. */
export interface AppendOutcome {
  /** New samples. */
  readonly accepted: number;
  /**
   * Samples equal to what was already there at their timestamp; nothing changed. A store may count a repeated
   * sample as accepted when it has moved the first one out of memory; reads give it once all the same.
   */
  readonly duplicate: number;
  /** Samples that replaced another value at their timestamp: the last write wins. */
  readonly overwritten: number;
  /** Samples older than the retention, which counts back from the newest sample or from now; dropped. */
  readonly tooOld: number;
}

/**
 * The way into a store. All calls but `flushed` work in memory and return at once: the live path never
 * waits for a disk. One appender serves all writers of a process; calls do not interleave.
 */
export interface Appender {
  /**
   * Finds the series or creates it. A ref stays valid as long as its series is written or asked for now and
   * then; one that was idle for longer than the store keeps idle series is given up.
   * @throws {CodedError} `series-limit` when it would be one too many; existing series keep working.
   */
  series(labels: LabelSet, metadata?: MetricMetadata): SeriesRef;

  /**
   * Appends samples that share one timestamp (a scrape, a batch of an agent): `values[i]` belongs to
   * `refs[i]`. The arrays are read before the call returns and not kept. Any order of time is accepted.
   * @throws {CodedError} `series-expired` when a ref was given up; nothing of the batch is kept. Ask `series`
   * again with the labels.
   */
  append(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): AppendOutcome;

  /**
   * Resolves when everything appended before the call is durable.
   * @throws {CodedError} `store-unavailable` while the store cannot write (full disk, read-only folder);
   * what was appended stays in memory and becomes durable when it can.
   */
  flushed(): Promise<void>;
}
