import type { Appender, MetricMetadata, Queryable } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { QueryEngine } from './query-engine.ts';

/** Bounds of the HTTP API. Each request that meets one gets an error that names it. */
export interface ApiLimits {
  /** Longest evaluation, and the default of the `timeout` parameter; over it 503 `timeout`. */
  readonly queryTimeoutMs: number;
  /** Samples one query may read; over it 422 `execution`. */
  readonly querySamplesMax: number;
  /** Queries evaluated at once; further ones wait. */
  readonly queriesAtOnceMax: number;
  /** Queries waiting; one more gets 503 `unavailable`. */
  readonly queriesWaitingMax: number;
  /** Points per series of a range query; over it 400 `bad_data`, as in Prometheus. */
  readonly pointsMax: number;
  /** Series in one answer; what is left out is named in a warning. */
  readonly seriesReturnedMax: number;
  /** Bytes of a remote-write or remote-read body, compressed; over it 413. */
  readonly bodyBytesMax: number;
  /** The same after decompression. */
  readonly decompressedBytesMax: number;
  /** How far ahead of the clock a written sample may be; further ones are refused. */
  readonly futureMs: number;
}

export const DEFAULT_API_LIMITS: ApiLimits = {
  queryTimeoutMs: 120_000,
  querySamplesMax: 50_000_000,
  queriesAtOnceMax: 4,
  queriesWaitingMax: 100,
  pointsMax: 11_000,
  seriesReturnedMax: 100_000,
  bodyBytesMax: 32 * 1_048_576,
  decompressedBytesMax: 128 * 1_048_576,
  futureMs: 600_000,
};

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
  readonly startedMs: number;
}
