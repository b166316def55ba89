/** A connection's ups and downs as sentences, each said once. */
import type { ConnectionStatus } from '@nowcast/client';
import { CodedError } from '@nowcast/model';

/** Undefined where there is nothing to say. */
export function describeStatus(
  status: ConnectionStatus,
  before: ConnectionStatus['state'] | undefined,
): string | undefined {
  if (status.state === before) return undefined;
  switch (status.state) {
    case 'online':
      return `connected to ${status.url}`;
    case 'waiting':
      // While nothing answers, one sentence is enough.
      return status.failedAttempts > 1 && before === 'connecting'
        ? undefined
        : `${status.url} is not connected${reason(status)}; trying again`;
    case 'stopped':
    case 'connecting':
    case 'greeting':
    case 'closed':
      return undefined;
  }
}

/** The error of a connection that the hub ended for good. */
export function refusal(status: ConnectionStatus): CodedError {
  return new CodedError(
    'connection-stopped',
    `${status.url} closed the connection for good${reason(status)}`,
  );
}

function reason({ lastClose }: ConnectionStatus): string {
  if (!lastClose) return '';
  return `: ${lastClose.reason === '' ? `closed with ${lastClose.code}` : lastClose.reason}`;
}
