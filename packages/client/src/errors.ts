import type { ErrorEntry } from '@nowcast/model';

export type ClientErrorCode =
  | 'no-websocket'
  | 'bad-url'
  | 'client-closed'
  | 'connection-stopped'
  | 'already-consumed'
  | 'batch-expired'
  | 'bad-series'
  | 'bad-batch'
  | 'batch-too-large'
  | 'spool-damaged'
  | 'spool-in-use'
  | 'spool-unavailable';

const stop = (meaning: string, action: string): ErrorEntry => ({
  meaning,
  action,
  retryable: false,
});

/**
 * What docs/errors.md says of the codes; a page does not carry it.
 * @public
 */
export const clientErrors: Readonly<Record<ClientErrorCode, ErrorEntry>> = {
  'no-websocket': stop(
    'This platform has no global WebSocket and none was passed in.',
    'On Node 20 pass `WebSocket` from the package `ws` to `connect`.',
  ),
  'bad-url': stop(
    'The URL of the hub is not one of the schemes ws, wss, http or https.',
    'Pass for example `ws://localhost:8080/monitor`.',
  ),
  'client-closed': stop(
    'The client was closed; nothing can be subscribed or published on it any more.',
    'Call `connect` again.',
  ),
  'connection-stopped': stop(
    'The hub closed the connection for good; its reason is in the message.',
    'Put right what the reason names, for example the token, then connect again.',
  ),
  'already-consumed': stop(
    'A subscription with a callback, or one that is being iterated, was iterated.',
    'Read a subscription in one way: pass a callback, or use one `for await`.',
  ),
  'batch-expired': stop(
    'A sample batch was read after the next event of its subscription had been taken.',
    'Read the batch inside the callback, or before the loop goes on, and keep the numbers.',
  ),
  'bad-series': stop(
    'A published series has no metric name, an empty or overlong label, or a ref that is not a whole number.',
    'Give each series a `__name__` and labels of at most 4096 characters.',
  ),
  'bad-batch': stop(
    'A published batch names a ref that was not defined, or refs and values differ in number.',
    'Define each series in `newSeries` with or before its first sample.',
  ),
  'batch-too-large': stop(
    'A batch is larger than the hub takes in one message; it was dropped.',
    'Raise `limits.messageBytesMax` in the hub’s configuration or lower `batchBytesMax`.',
  ),
  'spool-damaged': stop(
    'A record of the spool on disk does not match its checksum; it was skipped, the rest was kept.',
    'Check the disk when this happens without a power failure.',
  ),
  'spool-in-use': stop(
    'Another process uses the spool folder.',
    'Give each publisher a folder of its own, or stop the other process.',
  ),
  'spool-unavailable': {
    meaning: 'The spool folder cannot be written; batches are kept in memory instead.',
    action: 'Free space on the disk or correct the rights of the folder.',
    retryable: true,
  },
};
