import type { Counter, Histogram, MetricRegistry } from '../metrics/registry.ts';
import type { ApiLimitName } from './api-limits.ts';

const SECONDS_BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60] as const;

/** What the API counts about itself. */
export class ApiMetrics {
  readonly queries: Counter;
  readonly querySeconds: Histogram;
  readonly samplesLoaded: Counter;
  readonly writes: Counter;
  readonly samplesWritten: Counter;
  readonly #registry: MetricRegistry;
  readonly #onLimit: (limit: ApiLimitName) => void;

  constructor(registry: MetricRegistry, onLimit: (limit: ApiLimitName) => void = () => undefined) {
    this.#registry = registry;
    this.#onLimit = onLimit;
    this.queries = registry.counter(
      'nowcast_queries_total',
      'PromQL queries over HTTP, by how they ended.',
    );
    this.querySeconds = registry.histogram(
      'nowcast_query_seconds',
      'Time of PromQL queries over HTTP, waiting for their turn included.',
      SECONDS_BOUNDS,
    );
    this.samplesLoaded = registry.counter(
      'nowcast_query_samples_total',
      'Samples read for PromQL queries over HTTP.',
    );
    this.writes = registry.counter(
      'nowcast_remote_writes_total',
      'Remote write requests, by the HTTP status of the answer.',
    );
    this.samplesWritten = registry.counter(
      'nowcast_remote_write_samples_total',
      'Samples taken by remote write.',
    );
  }

  /** What is known anyway and read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    this.#registry.gauge(name, help, read);
  }

  limit(name: ApiLimitName): void {
    this.#onLimit(name);
  }
}
