import type { ErrorEntry } from '@nowcast/model';

export type ProtocolErrorCode =
  | 'bad-json'
  | 'bad-binary'
  | 'unknown-type'
  | 'invalid-message'
  | 'out-of-order'
  | 'binary-not-supported'
  | 'message-too-large'
  | 'unsupported-version'
  | 'hello-timeout'
  | 'heartbeat-timeout'
  | 'too-slow'
  | 'too-many-errors'
  | 'unauthorized'
  | 'forbidden'
  | 'origin-refused'
  | 'too-many-connections'
  | 'too-many-subscriptions'
  | 'id-in-use'
  | 'unknown-subscription'
  | 'unsupported-query'
  | 'bad-step'
  | 'too-many-standing-queries'
  | 'publish-series-limit'
  | 'unknown-ref'
  | 'bad-labels'
  | 'stale-epoch'
  | 'internal';

const stop = (meaning: string, action: string): ErrorEntry => ({
  meaning,
  action,
  retryable: false,
});
const again = (meaning: string, action: string): ErrorEntry => ({
  meaning,
  action,
  retryable: true,
});

export const protocolErrors: Readonly<Record<ProtocolErrorCode, ErrorEntry>> = {
  'bad-json': stop(
    'A frame of the subprotocol is not JSON; the session is closed with 4400.',
    'Send one JSON message, or a JSON array of messages, as a text frame.',
  ),
  'bad-binary': stop(
    'A binary message cannot be read; the client closes the connection with 4400.',
    'Update the older of hub and client; a proxy that changes WebSocket messages must not.',
  ),
  'unknown-type': stop(
    'A message has a type this hub does not know; it is ignored and the session goes on.',
    'Check the spelling of `type`, or update the hub.',
  ),
  'invalid-message': stop(
    'A message lacks a field or has one of the wrong form; it is ignored and the session goes on.',
    'Correct the field that the error names.',
  ),
  'out-of-order': stop(
    'A message came before `hello`, or `hello` came twice; the session is closed with 4409.',
    'Send `hello` first and once.',
  ),
  'binary-not-supported': stop(
    'A binary frame came on a text protocol; the session is closed with 4415.',
    'Send text frames.',
  ),
  'message-too-large': stop(
    'A frame is larger than `limits.messageBytesMax`; the session is closed with 1009.',
    'Split the batch, or raise `limits.messageBytesMax` in the hub’s configuration.',
  ),
  'unsupported-version': stop(
    'The hub speaks none of the client’s protocol versions; the session is closed with 4406.',
    'Update the older of the two.',
  ),
  'hello-timeout': stop(
    'No `hello` came in time after the connection opened; the session is closed with 4408.',
    'Send `hello` as soon as the connection is open.',
  ),
  'heartbeat-timeout': again(
    'Nothing was heard from the client for two heartbeat intervals; the session is closed with 4000.',
    'Answer each `ping` with `pong`; then reconnect.',
  ),
  'too-slow': again(
    'The client reads more slowly than its subscriptions bring data; the session is closed with 4002.',
    'Subscribe to fewer series or ask for a longer `minIntervalMs`.',
  ),
  'too-many-errors': again(
    'The session caused too many errors in a minute; it is closed with 4201.',
    'Correct the client; the errors it was sent say what is wrong.',
  ),
  unauthorized: stop(
    'A token is needed and none, or a wrong one, was given.',
    'Open the login link that the hub printed, or pass the token in `hello`, `?token=` or the Authorization header.',
  ),
  forbidden: stop(
    'The token does not allow this.',
    'Ask for a token with the role that the message names.',
  ),
  'origin-refused': stop(
    'A page of another origin tried to connect.',
    'Add the page’s origin to `origins` in the hub’s configuration.',
  ),
  'too-many-connections': again(
    'The hub has as many connections as it may have; the upgrade is refused with HTTP 503.',
    'Try again after the time in Retry-After, or raise `limits.connectionsMax`.',
  ),
  'too-many-subscriptions': stop(
    'The session has as many subscriptions as it may have; this one was not opened.',
    'Unsubscribe what is not needed, or raise `limits.subscriptionsMax`.',
  ),
  'id-in-use': stop(
    'A subscription with this id is open with another query; it goes on unchanged.',
    'Choose another id, or unsubscribe first.',
  ),
  'unknown-subscription': stop(
    'No subscription of this session has this id.',
    'Check the id; it may have been unsubscribed before.',
  ),
  'unsupported-query': stop(
    'The query is PromQL that cannot be subscribed to: it gives a string or a range vector, or means the start, end or step of a query.',
    'Wrap a range in a function such as rate(), and write times and durations out.',
  ),
  'bad-step': stop(
    'The step of a subscription is not a whole number of milliseconds within its bounds.',
    'Ask for a `stepMs` from 100 to 86400000.',
  ),
  'too-many-standing-queries': again(
    'The hub evaluates as many different expressions as it may; this one was not opened.',
    'Unsubscribe what is not needed, share expressions and steps, or raise `limits.standingQueriesMax`.',
  ),
  'publish-series-limit': stop(
    'A connection defined more series than it may; samples of the series beyond the limit are dropped.',
    'Publish fewer series, or raise `limits.publishSeriesMax`.',
  ),
  'unknown-ref': stop(
    'A batch names a ref that was not defined on this connection; its samples are dropped, the rest is kept.',
    'Define each series in `series` before or with its first sample, again after each reconnect.',
  ),
  'bad-labels': stop(
    'A series was defined without a metric name, or with too many labels; its samples are dropped.',
    'Give each series a `__name__` and at most the allowed number of labels.',
  ),
  'stale-epoch': stop(
    'A batch carries an older epoch than one the hub has already acknowledged for this source.',
    'Give each publisher a source of its own, and a higher epoch each time it starts without memory.',
  ),
  internal: again(
    'The hub failed while handling a message; its log has the cause.',
    'Try again; report it with the log line when it stays.',
  ),
};
