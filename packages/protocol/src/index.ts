export { BodyEncoder, type BinaryBody, type UpdateParts } from './binary/body-encoder.ts';
export type { SampleGroup } from './binary/group-encoder.ts';
export {
  encodeBroadcast,
  encodeBundle,
  encodeFollow,
  encodeOwn,
  encodeUnfollow,
  type ChannelPlace,
} from './binary/message-encoder.ts';
export { SessionDecoder } from './binary/session-decoder.ts';
export { CloseCode, verdictOf, type CloseVerdict } from './close-code.ts';
export { decodeUp, type DecodeFailure, type DecodeResult } from './decode.ts';
export { downSchemas, type DownMessage } from './down.ts';
export { decodeDown, encodeFrame } from './encode.ts';
export { protocolErrors, type ProtocolErrorCode } from './errors.ts';
export type { Contract, Grant } from './fields/contract.ts';
export type { SeriesDefinition } from './fields/series.ts';
export { fromWireValue, toWireValue, type WireValue } from './fields/value.ts';
export type { Ack, Rejection } from './messages/ack.ts';
export type { Alert, AlertPhase, Alerts, AlertSeverity } from './messages/alerts.ts';
export type { ErrorMessage } from './messages/error.ts';
export type { Goodbye } from './messages/goodbye.ts';
export type { Ping, Pong } from './messages/heartbeat.ts';
export type { Hello } from './messages/hello.ts';
export {
  plainHeartbeatSchema,
  plainOverviewSchema,
  plainValuesSchema,
  plainWelcomeSchema,
  type HostOverview,
  type PlainHeartbeat,
  type PlainOverview,
  type PlainValues,
  type PlainWelcome,
} from './messages/plain.ts';
export type { Publish, PublishGroup } from './messages/publish.ts';
export type { Subscribe } from './messages/subscribe.ts';
export type { Subscribed } from './messages/subscribed.ts';
export type { Unsubscribe } from './messages/unsubscribe.ts';
export type { Unsubscribed } from './messages/unsubscribed.ts';
export type { Update, UpdateGroup } from './messages/update.ts';
export type { Unwatch, Watch } from './messages/watch.ts';
export type { SessionLimits, Welcome } from './messages/welcome.ts';
export { upSchemas, type UpMessage } from './up.ts';
export {
  BINARY_SUBPROTOCOL,
  JSON_SUBPROTOCOL,
  MONITOR_PATH,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
} from './version.ts';
