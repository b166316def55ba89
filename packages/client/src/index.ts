export type { AlertsEvent, AlertsReader, LiveAlert } from './alert-watch.ts';
export { connect, type Client, type ClientOptions } from './client.ts';
export type { ConnectionPolicy, ConnectionState } from './connection-state.ts';
export type { ClientErrorCode } from './errors.ts';
export type { LiveSeries } from './live-series.ts';
export { MemorySpool, type MemorySpoolOptions } from './memory-spool.ts';
export { monitorUrl } from './monitor-url.ts';
export type { PlatformSignal, PlatformSignals } from './platform-signals.ts';
export type {
  PublishBatch,
  PublishedSeries,
  Publisher,
  PublisherOptions,
  PublisherStats,
  PublishProblem,
} from './publisher.ts';
export type { SampleBatch, SampleVisitor } from './sample-batch.ts';
export type { SeriesDictionary, SpooledSeries } from './series-dictionary.ts';
export type { WebSocketConstructor, WebSocketLike } from './socket.ts';
export type { Spool, SpooledBatch, SpoolLoss } from './spool.ts';
export type { ConnectionStatus, LastClose, Observable } from './status.ts';
export type { SubscriptionEvent } from './subscription-event.ts';
export type { SubscribeOptions, Subscription } from './subscription.ts';
