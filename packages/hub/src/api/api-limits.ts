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
  /** Compressed bytes of remote writes that are not answered yet; one more gets 429, upon which senders repeat. */
  readonly writeBytesAtOnceMax: number;
  /** Bytes of a remote-write or remote-read body, compressed; over it 413. */
  readonly bodyBytesMax: number;
  /** The same after decompression; over it 400. */
  readonly decompressedBytesMax: number;
}

export const DEFAULT_API_LIMITS: ApiLimits = {
  queryTimeoutMs: 120_000,
  querySamplesMax: 50_000_000,
  queriesAtOnceMax: 4,
  queriesWaitingMax: 100,
  pointsMax: 11_000,
  seriesReturnedMax: 100_000,
  writeBytesAtOnceMax: 128 * 1_048_576,
  bodyBytesMax: 32 * 1_048_576,
  decompressedBytesMax: 128 * 1_048_576,
};

export type ApiLimitName = keyof ApiLimits;
