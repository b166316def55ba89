/**
 * What writers said about metrics. The store keeps what belongs to a metric's own name; what belongs to a
 * family (the name before `_bucket`, `_sum`, `_count`) has no series of that name and is remembered here, until
 * its sender says it again.
 */
import type { MetricMetadata } from '@nowcast/model';

/** Metrics remembered; further ones are not, which a sender that repeats them never notices. */
const METRICS_MAX = 50_000;

export class MetadataBook {
  readonly #byMetric = new Map<string, MetricMetadata>();

  get(metric: string): MetricMetadata | undefined {
    return this.#byMetric.get(metric);
  }

  /** True when this was not known yet. */
  note(metric: string, metadata: MetricMetadata): boolean {
    const known = this.#byMetric.get(metric);
    if (known === undefined && this.#byMetric.size >= METRICS_MAX) return false;
    if (
      known?.type === metadata.type &&
      known?.help === metadata.help &&
      known?.unit === metadata.unit
    )
      return false;
    this.#byMetric.set(metric, metadata);
    return true;
  }

  /** This and what the store has, which survives a restart; ordered by name. */
  with(stored: ReadonlyMap<string, MetricMetadata>): ReadonlyMap<string, MetricMetadata> {
    const entries = [...new Map([...stored, ...this.#byMetric])];
    return new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }
}
