import type { Client, ConnectionStatus, SubscriptionEvent } from '@nowcast/client';
import { CodedError, LabelSet } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { expect, test } from 'vitest';
import { clientSource } from './client-source.ts';
import type { LinkState } from './live-source.ts';
import { Stream } from './stream.ts';

const ONLINE: ConnectionStatus = {
  state: 'online',
  url: 'ws://hub/monitor',
  transport: 'websocket',
  rttMs: 2,
  clockOffsetMs: 500,
  failedAttempts: 0,
};

/** A client that says what a test tells it to. */
function fakeClient(status: ConnectionStatus = ONLINE) {
  const contracts: unknown[] = [];
  let emit: (event: SubscriptionEvent) => void = () => undefined;
  const client = {
    status: {
      value: status,
      observe(read: (value: ConnectionStatus) => void) {
        read(status);
        return () => undefined;
      },
    },
    subscribe(_query: string, options: { onEvent?: (event: SubscriptionEvent) => void }) {
      emit = options.onEvent ?? emit;
      return { setContract: (change: unknown) => contracts.push(change), close: () => undefined };
    },
  } as unknown as Client;
  return { client, contracts, emit: (event: SubscriptionEvent) => emit(event) };
}

const series = {
  labels: LabelSet.from({ __name__: 'm', instance: 'a' }),
  lastMs: NaN,
  lastValue: NaN,
};

function samples(...told: readonly (readonly [number, number])[]): SubscriptionEvent {
  const forEach = (visit: (one: typeof series, timeMs: number, value: number) => void): void => {
    for (const [timeMs, value] of told) visit(series, timeMs, value);
  };
  return { type: 'samples', batch: { history: false, forEach } } as unknown as SubscriptionEvent;
}

test('series keep their samples over a reconnect', () => {
  const { client, emit } = fakeClient();
  const stream = new Stream(16, () => undefined);
  clientSource(client, new FakeClock()).open({ query: '{}', historyMs: 0 }, stream);
  emit({ type: 'joined', series: [series] });
  emit(samples([1_000, 1]));
  emit({ type: 'live' });
  emit({ type: 'resumed' });
  emit({ type: 'joined', series: [series] });
  emit(samples([2_000, 2]));
  expect([...stream.metric('m')[0]!.samples.all().values]).toEqual([1, 2]);
  expect(stream.phase.value).toBe('live');
  emit({ type: 'left', series: [series] });
  expect(stream.seriesCount).toBe(0);
});

test('an error that will not go away by itself fails the stream, others do not', () => {
  const { client, emit } = fakeClient();
  const stream = new Stream(16, () => undefined);
  clientSource(client, new FakeClock()).open({ query: '{}', historyMs: 0 }, stream);
  emit({ type: 'error', error: new CodedError('internal', 'again'), retrying: true });
  expect(stream.phase.value).toBe('loading');
  emit({ type: 'error', error: new CodedError('forbidden', 'no'), retrying: false });
  expect(stream.failure.value).toEqual({ code: 'forbidden', message: 'no' });
});

test('asks for nothing while the page is not seen', () => {
  const { client, contracts } = fakeClient();
  const stream = new Stream(16, () => undefined);
  const handle = clientSource(client, new FakeClock()).open({ query: '{}', historyMs: 0 }, stream);
  handle.setVisible(false);
  handle.setVisible(true);
  expect(contracts).toEqual([{ visible: false }, { visible: true }]);
});

test('the hub’s time is the page’s plus what they differ by', () => {
  const clock = new FakeClock(10_000);
  expect(clientSource(fakeClient().client, clock).serverNowMs()).toBe(10_500);
});

test.each([
  ['greeting', 'connecting'],
  ['online', 'live'],
  ['waiting', 'waiting'],
  ['closed', 'stopped'],
] as const)('the state %s is shown as %s, with the reason of the last break', (state, phase) => {
  const lastClose = { code: 4001, reason: 'restarting', atMs: 5 };
  const { client } = fakeClient({ ...ONLINE, state, lastClose });
  const seen: LinkState[] = [];
  clientSource(client, new FakeClock()).watchLink((link) => seen.push(link));
  expect(seen).toMatchObject([{ phase, code: 4001, reason: 'restarting', brokenAtMs: 5 }]);
});
