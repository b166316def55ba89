import { FakeClock } from '@nowcast/std/testing';
import type { Update } from '@nowcast/protocol';
import { describe, expect, it } from 'vitest';
import { connect, type Client, type ClientOptions } from './client.ts';
import type { SubscriptionEvent } from './subscription-event.ts';
import { FakeHub } from './testing/fake-hub.ts';

const START_MS = Date.UTC(2026, 0, 1);

interface Fixture extends Disposable {
  readonly hub: FakeHub;
  readonly clock: FakeClock;
  readonly client: Client;
}

function start(options: Partial<ClientOptions> = {}): Fixture {
  const hub = new FakeHub();
  const clock = new FakeClock(START_MS);
  const client = connect({
    url: 'ws://hub.test/monitor',
    WebSocket: hub.WebSocket,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { hub, clock, client, [Symbol.dispose]: () => client.close() };
}

/** Events in a form that reads well in an assertion; batches are read at once. */
function record(into: unknown[]): (event: SubscriptionEvent) => void {
  return (event) => {
    if (event.type === 'samples')
      event.batch.forEach((series, timeMs, value, changed) => {
        into.push([series.labels.toString(), timeMs - START_MS, value, changed]);
      });
    else if (event.type === 'joined' || event.type === 'left')
      into.push({ [event.type]: event.series.map((one) => one.labels.toString()) });
    else into.push(event);
  };
}

function update(id: string, seq: number, rest: Partial<Update>): Update {
  return { type: 'update', id, seq, groups: [], ...rest };
}

const A = { ref: 1, labels: { __name__: 'a' } };
const B = { ref: 2, labels: { __name__: 'b' } };

describe('a subscription', () => {
  it('tells joined, samples with unchanged values, left, in this order', async () => {
    using test = start();
    const events: unknown[] = [];
    test.client.subscribe('{__name__=~"a|b"}', { historyMs: 1_000, onEvent: record(events) });
    const socket = await test.hub.greet();
    const { id, ...asked } = socket.take('subscribe');
    expect(asked).toEqual({
      type: 'subscribe',
      query: '{__name__=~"a|b"}',
      historyMs: 1_000,
      contract: {},
    });
    socket.say(
      update(id, 1, {
        history: true,
        add: [A, B],
        groups: [
          { timeMs: START_MS - 1_000, refs: [1, 2], values: [1, 'NaN'] },
          { timeMs: START_MS - 500, refs: [2], values: [5], same: [1, 1] },
        ],
      }),
      update(id, 2, { groups: [{ timeMs: START_MS, refs: [], values: [], same: [1, 2] }] }),
      update(id, 3, { remove: [1] }),
    );
    expect(events).toEqual([
      { joined: ['a', 'b'] },
      ['a', -1_000, 1, true],
      ['b', -1_000, NaN, true],
      ['b', -500, 5, true],
      ['a', -500, 1, false],
      ['a', 0, 1, false],
      ['b', 0, 5, false],
      { left: ['a'] },
    ]);
  });
});
