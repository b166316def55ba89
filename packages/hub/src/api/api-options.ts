import type { Appender, MetricMetadata, Queryable } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { ApiLimitName, ApiLimits } from './api-limits.ts';
import type { ApiMetrics } from './api-metrics.ts';
import type { MetadataBook } from './metadata-book.ts';
import type { QueryEngine } from './query-engine.ts';
import type { QueryGate } from './query-gate.ts';

/** Numbers of the store for status/tsdb. */
export interface ApiStoreStats {
  readonly series: number;
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
}

export interface PrometheusApiOptions {
  readonly appender: Appender;
  readonly queryable: Queryable;
  readonly clock: Clock;
  /** Where queries are computed; default on the spot. */
  readonly engine?: QueryEngine | undefined;
  readonly limits?: Partial<ApiLimits> | undefined;
  /** How far ahead of the clock a written sample may be; further ones are refused. Default 10 minutes. */
  readonly futureMs?: number | undefined;
  /** Where the API's own metrics are shown. */
  readonly metrics?: MetricRegistry | undefined;
  /** Hears each time a limit is met. */
  readonly onLimit?: ((limit: ApiLimitName) => void) | undefined;
  /** What is known about metrics, by metric name. */
  readonly metadata?: (() => ReadonlyMap<string, MetricMetadata>) | undefined;
  readonly storeStats?: (() => ApiStoreStats) | undefined;
  /** How old a sample may be and still count for an instant; default 5 minutes. */
  readonly lookbackMs?: number | undefined;
  /** Accept the functions and modifiers that Prometheus keeps behind a feature flag. Default true. */
  readonly experimental?: boolean | undefined;
  /** Origins whose pages may read the API; default none, `*` for all. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Version shown by status/buildinfo. */
  readonly version?: string | undefined;
  /** The configuration as YAML, for status/config. */
  readonly configYaml?: (() => string) | undefined;
  /** Settings by name, for status/flags. */
  readonly flags?: (() => Readonly<Record<string, string>>) | undefined;
}

/** The options with every default filled in. */
export interface ApiContext {
  readonly options: PrometheusApiOptions;
  readonly limits: ApiLimits;
  readonly engine: QueryEngine;
  readonly metadata: MetadataBook;
  readonly metrics: ApiMetrics;
  readonly gate: QueryGate;
  readonly startedMs: number;
}
