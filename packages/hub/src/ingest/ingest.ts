/**
 * The way of samples into the hub, whoever brings them: into the store, then to those who watch. Both happen
 * before `append` returns; what is durable is told later by `flushed`.
 */
import type { Appender, AppendOutcome, LabelSet, MetricMetadata, SeriesRef } from '@nowcast/model';
import type { SeriesRegistry } from '../live/series-registry.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';

/** Hears of every batch of samples that share a time, after the last-value cache has them. */
export interface SampleListener {
  samples(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void;
}

export class Ingest implements Appender {
  readonly #store: Appender;
  readonly #registry: SeriesRegistry;
  readonly #metrics: HubMetrics;
  readonly #listeners: readonly SampleListener[];

  constructor(
    store: Appender,
    registry: SeriesRegistry,
    metrics: HubMetrics,
    listeners: readonly SampleListener[],
  ) {
    this.#store = store;
    this.#registry = registry;
    this.#metrics = metrics;
    this.#listeners = listeners;
  }

  series(labels: LabelSet, metadata?: MetricMetadata): SeriesRef {
    const ref = this.#store.series(labels, metadata);
    this.#registry.register(ref, labels, metadata);
    return ref;
  }

  append(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): AppendOutcome {
    const outcome = this.#store.append(timeMs, refs, values);
    this.#metrics.samplesReceived.add(values.length);
    this.#registry.observe(timeMs, refs, values);
    for (const listener of this.#listeners) listener.samples(timeMs, refs, values);
    return outcome;
  }

  flushed(): Promise<void> {
    return this.#store.flushed();
  }

  /** The ref of the series that had `expired`, which the store has given up. */
  renew(expired: SeriesRef): SeriesRef {
    const labels = this.#registry.labels(expired);
    // A store gives refs up one by one: this one may still be good.
    if (labels === undefined) return expired;
    const renewed = this.series(labels, this.#registry.metadata(expired));
    if (renewed !== expired) this.#registry.forget(expired);
    return renewed;
  }
}
