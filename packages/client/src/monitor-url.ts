import { CodedError } from '@nowcast/model';
import { MONITOR_PATH } from '@nowcast/protocol';

/**
 * The WebSocket URL that a hub's address means: http becomes ws, and where no path is given it is the
 * monitor's.
 * @throws {CodedError} `bad-url`
 */
export function monitorUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^(?:ws|http)s?:$/.test(url.protocol))
    throw new CodedError(
      'bad-url',
      `not the URL of a hub: ${JSON.stringify(text)}; write for example ws://localhost:8080${MONITOR_PATH}`,
    );
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = MONITOR_PATH;
  url.hash = '';
  return url.href;
}
