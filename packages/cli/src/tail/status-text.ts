import type { ConnectionStatus } from '@nowcast/client';
import type { TextStyle } from '../text-style.ts';
import { printable } from '../text-width.ts';

/** The connection in a few words for the head of a table. */
export function formatStatus(status: ConnectionStatus, nowMs: number, style: TextStyle): string {
  switch (status.state) {
    case 'online': {
      const rtt =
        status.rttMs === undefined ? '' : ` ${style.dim(`${Math.round(status.rttMs)} ms`)}`;
      return `${style.green('● live')}${rtt}`;
    }
    case 'connecting':
    case 'greeting':
      return style.yellow('○ connecting');
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil(((status.retryAtMs ?? nowMs) - nowMs) / 1_000));
      const why = status.lastClose?.reason;
      return style.yellow(
        `○ not connected${why ? ` (${printable(why)})` : ''}, again in ${seconds} s`,
      );
    }
    case 'stopped':
    case 'closed':
      return style.red('○ closed');
  }
}
