/**
 * Everything that can grow in a hub has its bound here. Each says what happens when it is reached, and each
 * has a metric: `nowcast_limit_reached_total{limit="…"}` counts how often.
 */
export interface HubLimits {
  /** WebSocket connections at once; more are refused before the upgrade with 503 and Retry-After. */
  readonly connectionsMax: number;
  /** WebSocket connections from one address at once; more are refused likewise. */
  readonly connectionsPerAddressMax: number;
  /** Bytes of one frame from a client, after decompression; a larger one closes its session with 1009. */
  readonly messageBytesMax: number;
  /** Open subscriptions of one session; one more is answered by `too-many-subscriptions`. */
  readonly subscriptionsMax: number;
  /** Series in the store; samples of further new series are refused with `series-limit`. */
  readonly seriesMax: number;
  /** Series one connection may define; samples of further ones are refused with `publish-series-limit`. */
  readonly publishSeriesMax: number;
  /** Labels of one series, the metric name included; more are refused with `bad-labels`. */
  readonly labelsMax: number;
  /** Bytes waiting for a slow reader, past which it is sent merged values, and later closed with 4002. */
  readonly sendQueueBytesMax: number;
  /** Time without progress on a full send queue until the session is closed with 4002. */
  readonly sendStallMs: number;
  /** Errors a session may cause in a minute; one more closes it with 4201. */
  readonly errorsPerMinuteMax: number;
  /** Time from connecting to `hello`; then the session is closed with 4408. */
  readonly helloTimeoutMs: number;
  /** Samples of history in one subscription; a longer history is answered by `too-many-samples`. */
  readonly historySamplesMax: number;
  /** Expressions evaluated at once; a further one is answered by `too-many-standing-queries`. */
  readonly standingQueriesMax: number;
  /** Samples held in memory for them all; one that would need more is answered by `too-many-samples`. */
  readonly standingSamplesMax: number;
  /** Percent of the time that evaluations may take; past it they are made less often, as the grants say. */
  readonly standingSharePercentMax: number;
}

export const DEFAULT_LIMITS: HubLimits = {
  connectionsMax: 10_000,
  connectionsPerAddressMax: 5_000,
  messageBytesMax: 1_048_576,
  subscriptionsMax: 500,
  seriesMax: 1_000_000,
  publishSeriesMax: 100_000,
  labelsMax: 64,
  sendQueueBytesMax: 4_194_304,
  sendStallMs: 30_000,
  errorsPerMinuteMax: 100,
  helloTimeoutMs: 10_000,
  historySamplesMax: 2_000_000,
  standingQueriesMax: 5_000,
  standingSamplesMax: 50_000_000,
  standingSharePercentMax: 50,
};

export type LimitName = keyof HubLimits;
