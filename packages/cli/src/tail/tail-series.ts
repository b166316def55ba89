import {
  connect,
  type Client,
  type ConnectionStatus,
  type SubscriptionEvent,
} from '@nowcast/client';
import type { CodedError } from '@nowcast/model';
import { deferred, systemClock } from '@nowcast/std';
import { WebSocket } from 'ws';
import type { TailFlags } from '../commands/tail.ts';
import { describeStatus, refusal } from '../connection-notice.ts';
import { untilSignal } from '../shutdown.ts';
import { styleFor } from '../text-style.ts';
import { formatEvent } from './change-lines.ts';
import { Screen } from './screen.ts';
import { ValueTable } from './value-table.ts';

const FRAME_MS = 100;
/** Fills the sparklines at once. */
const TABLE_HISTORY_MS = 30_000;
/** Lines tell each sample: an outage up to this long is made up for. */
const CATCH_UP_MAX_MS = 3_600_000;

/** How a subscription is shown: events go in, `close` puts the terminal right again. */
interface View {
  readonly historyMs: number;
  event(event: SubscriptionEvent): void;
  status(status: ConnectionStatus): void;
  close(): void;
}

/** `nowcast tail EXPR`: until a signal comes. Throws when the hub refuses for good. */
export async function tailSeries(query: string, flags: TailFlags): Promise<void> {
  const ended = deferred<CodedError | undefined>();
  const client = connect({ url: flags.hub, token: flags.token, WebSocket, name: 'nowcast tail' });
  const table = process.stdout.isTTY && !flags.json;
  const view = table ? tableView(client, query) : lineView(flags);
  client.status.observe((status) => {
    view.status(status);
    if (status.state === 'stopped') ended.resolve(refusal(status));
  });
  client.subscribe(query, {
    historyMs: flags.history ?? view.historyMs,
    catchUpMaxMs: CATCH_UP_MAX_MS,
    onEvent(event) {
      view.event(event);
      if (event.type === 'error' && !event.retrying) ended.resolve(event.error);
    },
  });
  void untilSignal().then(() => ended.resolve(undefined));
  const error = await ended.promise;
  view.close();
  client.close();
  if (error) throw error;
}

function tableView(client: Client, query: string): View {
  const { stdout, env } = process;
  const style = styleFor(stdout, env);
  const table = new ValueTable(style);
  const screen = new Screen(stdout);
  const draw = (): void => {
    const { columns, linesMax } = screen;
    const status = client.status.value;
    screen.draw(table.render({ query, status, nowMs: client.hubNowMs(), columns, linesMax }));
  };
  // A steady pace: ages grow also while nothing arrives.
  const frames = systemClock.every(FRAME_MS, draw);
  return {
    historyMs: TABLE_HISTORY_MS,
    event: (event) => table.apply(event),
    status: () => undefined,
    close() {
      frames.cancel();
      draw();
      screen.close();
    },
  };
}

function lineView({ json = false, all = false }: TailFlags): View {
  let before: ConnectionStatus['state'] | undefined;
  return {
    historyMs: 0,
    event: (event) => void process.stdout.write(formatEvent(event, { json, all })),
    status(status) {
      const notice = status.state === 'online' ? undefined : describeStatus(status, before);
      before = status.state;
      if (notice !== undefined) process.stderr.write(`nowcast: ${notice}\n`);
    },
    close: () => undefined,
  };
}
