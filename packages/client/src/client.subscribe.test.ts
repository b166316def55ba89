import type { Update } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, it } from 'vitest';
import type { Subscription } from './subscription.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { SubscriptionEvent } from './subscription-event.ts';
import { startClient, START_MS } from './testing/client-fixture.ts';

/** Events in a form that reads well in an assertion; batches are read at once. */
function record(into: unknown[]): (event: SubscriptionEvent) => void {
  return (event) => {
    if (event.type === 'samples')
      event.batch.forEach((series, timeMs, value, changed) => {
        into.push([series.labels.toString(), timeMs - START_MS, value, changed]);
      });
    else if (event.type === 'joined' || event.type === 'left')
      into.push({ [event.type]: event.series.map((one) => one.labels.toString()) });
    else if (event.type === 'error')
      into.push({ error: event.error.code, retrying: event.retrying });
    else into.push(event);
  };
}

function update(id: string, seq: number, rest: Partial<Update> = {}): Update {
  return { type: 'update', id, seq, groups: [], ...rest };
}

const A = { ref: 1, labels: { __name__: 'a' } };
const B = { ref: 2, labels: { __name__: 'b' } };
const at = (offsetMs: number, refs: readonly number[], values: readonly number[]) => ({
  timeMs: START_MS + offsetMs,
  refs,
  values,
});

describe('a subscription', () => {
  it('tells joined, samples with the unchanged ones, left, in this order', async () => {
    using test = startClient();
    const events: unknown[] = [];
    test.client.subscribe('{__name__=~"a|b"}', { historyMs: 1_000, onEvent: record(events) });
    const socket = await test.hub.greet();
    const { id, ...asked } = socket.take('subscribe');
    const query = '{__name__=~"a|b"}';
    expect(asked).toEqual({ type: 'subscribe', query, historyMs: 1_000, contract: {} });
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
      { type: 'live' },
      ['a', 0, 1, false],
      ['b', 0, 5, false],
      { left: ['a'] },
    ]);
  });

  it('delivers a correction of an earlier step without taking it for the newest sample', async () => {
    using test = startClient();
    const told: number[] = [];
    let newest: readonly number[] = [];
    test.client.subscribe('a', {
      onEvent: (event) => {
        if (event.type === 'samples') event.batch.forEach((_, __, value) => told.push(value));
        if (event.type === 'left') newest = event.series.map((one) => one.lastValue);
      },
    });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say(
      update(id, 1, { add: [A], groups: [at(1_000, [1], [7])] }),
      update(id, 2, { groups: [at(0, [1], [5])] }),
      update(id, 3, { remove: [1] }),
    );
    expect({ told, newest }).toEqual({ told: [7, 5], newest: [7] });
  });

  it('gives a batch as often as it is read, and not after its time', async () => {
    using test = startClient();
    const readings: number[][] = [];
    const kept: SampleBatch[] = [];
    test.client.subscribe('a', {
      onEvent(event) {
        if (event.type !== 'samples') return;
        kept.push(event.batch);
        for (let reading = 0; reading < 2; reading++) {
          const values: number[] = [];
          event.batch.forEach((_series, _timeMs, value) => values.push(value));
          readings.push(values);
        }
        const changed: number[] = [];
        event.batch.forEachChanged((_series, _timeMs, value) => changed.push(value));
        readings.push(changed);
      },
    });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    const same = { timeMs: START_MS + 1, refs: [], values: [], same: [1, 1] };
    socket.say(
      update(id, 1, { add: [A], groups: [at(0, [1], [7])] }),
      update(id, 2, { groups: [same, at(2, [1], [8]), { ...same, timeMs: START_MS + 3 }] }),
    );
    expect(readings).toEqual([[7], [7], [7], [7, 8, 8], [7, 8, 8], [8]]);
    expect(() => kept[0]?.forEach(() => undefined)).toThrow(/read it before the next event/);
  });

  it('goes on after a reconnect without a hole, a duplicate, or a new object for a known series', async () => {
    using test = startClient();
    const events: unknown[] = [];
    test.client.subscribe('a', { historyMs: 60_000, onEvent: record(events) });
    const first = await test.hub.greet();
    const { id } = first.take('subscribe');
    first.say(update(id, 1, { add: [A, B], groups: [at(0, [1, 2], [1, 2])] }));
    first.drop();
    test.clock.advance(5_000);
    const second = await test.hub.greet({ serverTimeMs: START_MS + 5_000 });
    const again = second.take('subscribe');
    expect(again).toMatchObject({ query: 'a', historyMs: 15_000 });
    expect(again.id).not.toBe(id);
    events.length = 0;
    const c = { ref: 2, labels: { __name__: 'c' } };
    second.say(
      // Refs have other meanings now.
      update(again.id, 1, {
        history: true,
        add: [{ ...A, ref: 9 }, c],
        groups: [
          at(-1_000, [9, 2], [0, 3]),
          { timeMs: START_MS, refs: [9], values: [1] },
          at(1_000, [9], [4]),
        ],
      }),
      update(again.id, 2),
      update(id, 2, { groups: [at(2_000, [1], [99])] }),
    );
    expect(events).toEqual([
      { joined: ['c'] },
      ['c', -1_000, 3, true],
      ['a', 1_000, 4, true],
      { type: 'live' },
      { left: ['b'] },
    ]);
  });

  it('names the part of an outage that it does not ask for', async () => {
    using test = startClient();
    const events: unknown[] = [];
    test.client.subscribe('a', { historyMs: 2_000, onEvent: record(events) });
    const first = await test.hub.greet();
    first.say(update(first.take('subscribe').id, 1, { add: [A], groups: [at(0, [1], [1])] }));
    first.drop();
    test.clock.advance(5_000);
    const second = await test.hub.greet({ serverTimeMs: START_MS + 5_000 });
    expect(second.take('subscribe')).toMatchObject({ historyMs: 2_000 });
    expect(events.at(-1)).toEqual({
      type: 'resumed',
      gap: { fromMs: START_MS, toMs: START_MS + 3_000 },
    });
  });

  it('subscribes anew when an update is missing', async () => {
    using test = startClient();
    const events: unknown[] = [];
    test.client.subscribe('a', { historyMs: 60_000, onEvent: record(events) });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say(update(id, 1, { add: [A], groups: [at(0, [1], [1])] }));
    socket.say(update(id, 3, { groups: [at(2_000, [1], [3])] }));
    expect(socket.take('unsubscribe')).toEqual({ type: 'unsubscribe', id });
    expect(socket.take('subscribe')).toMatchObject({ historyMs: 10_000 });
    expect(events.slice(-1)).toEqual([{ type: 'resumed' }]);
  });

  it('tells a refusal to the subscription concerned, and tries again when that can help', async () => {
    using test = startClient();
    const good: unknown[] = [];
    const bad: unknown[] = [];
    test.client.subscribe('good', { onEvent: record(good) });
    test.client.subscribe('bad(', { onEvent: record(bad) });
    const socket = await test.hub.greet();
    const ids = [socket.take('subscribe').id, socket.take('subscribe').id];
    const error = { type: 'error', message: 'no', retryable: false, id: ids[1] } as const;
    socket.say({ ...error, code: 'bad-query' });
    expect([good, bad]).toEqual([[], [{ error: 'bad-query', retrying: false }]]);
    socket.say({ ...error, id: ids[0], code: 'internal', retryable: true, retryAfterMs: 2_000 });
    expect(good).toEqual([{ error: 'internal', retrying: true }]);
    test.clock.advance(1_999);
    expect(socket.sent).toEqual([]);
    test.clock.advance(1_000);
    expect(socket.take('subscribe')).toMatchObject({ query: 'good' });
  });

  it('changes its contract, costs nothing while hidden, and refills when shown', async () => {
    using test = startClient();
    const subscription = test.client.subscribe('a', {
      historyMs: 60_000,
      contract: { minIntervalMs: 100 },
      onEvent: () => undefined,
    });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say(update(id, 1, { add: [A], groups: [at(0, [1], [1])] }));
    subscription.setContract({ visible: false });
    const contract = { minIntervalMs: 100, visible: false };
    expect(socket.take('subscribe')).toEqual({ type: 'subscribe', id, query: 'a', contract });
    test.clock.advance(5_000);
    subscription.setContract({ visible: true });
    expect(socket.take('unsubscribe')).toEqual({ type: 'unsubscribe', id });
    expect(socket.take('subscribe')).toMatchObject({
      historyMs: 15_000,
      contract: { minIntervalMs: 100, visible: true },
    });
  });

  it('is not opened on a new connection while hidden', async () => {
    using test = startClient();
    const contract = { visible: false };
    const subscription = test.client.subscribe('a', { contract, onEvent: () => undefined });
    const socket = await test.hub.greet();
    expect(socket.sent).toEqual([]);
    subscription.setContract({ visible: true });
    expect(socket.take('subscribe')).toMatchObject({ query: 'a', contract: { visible: true } });
  });

  it('is closed once, and nothing is heard afterwards', async () => {
    using test = startClient();
    const events: unknown[] = [];
    const subscription = test.client.subscribe('a', { onEvent: record(events) });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    subscription.close();
    subscription.close();
    expect(socket.sent).toEqual([{ type: 'unsubscribe', id }]);
    socket.say(update(id, 1, { add: [A] }), { type: 'unsubscribed', id });
    expect(events).toEqual([]);
  });
});

describe('a subscription read with for await', () => {
  async function collect(subscription: Subscription, count: number): Promise<unknown[]> {
    const events: unknown[] = [];
    const note = record(events);
    for await (const event of subscription) {
      note(event);
      if (--count === 0) break;
    }
    return events;
  }

  it('waits for events and unsubscribes when the loop is left', async () => {
    using test = startClient();
    const subscription = test.client.subscribe('a');
    const collected = collect(subscription, 3);
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say(update(id, 1, { add: [A], groups: [at(0, [1], [1])] }));
    expect(await collected).toEqual([{ type: 'live' }, { joined: ['a'] }, ['a', 0, 1, true]]);
    expect(socket.take('unsubscribe')).toEqual({ type: 'unsubscribe', id });
    expect(() => subscription[Symbol.asyncIterator]()).toThrow(/another way/);
  });

  it('reads each batch against the state of its turn, however late it reads', async () => {
    using test = startClient();
    const subscription = test.client.subscribe('a');
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    const same = { timeMs: START_MS + 1, refs: [], values: [], same: [1, 1] };
    socket.say(
      update(id, 1, { add: [A], groups: [at(0, [1], [1])] }),
      update(id, 2, { groups: [same] }),
      update(id, 3, { groups: [at(2, [1], [3])] }),
    );
    expect((await collect(subscription, 5)).slice(2)).toEqual([
      ['a', 0, 1, true],
      ['a', 1, 1, false],
      ['a', 2, 3, true],
    ]);
  });

  it('loses the samples of the oldest updates when it waits for too long, and says so', async () => {
    using test = startClient();
    const subscription = test.client.subscribe('a', { waitingMax: 2 });
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say(
      update(id, 1, { add: [A], groups: [at(0, [1], [1])] }),
      update(id, 2, { groups: [at(1, [1], [2])] }),
      update(id, 3, { groups: [{ timeMs: START_MS + 2, refs: [], values: [], same: [1, 1] }] }),
      update(id, 4, { groups: [at(3, [1], [4])] }),
    );
    expect(await collect(subscription, 5)).toEqual([
      { type: 'live' },
      { joined: ['a'] },
      { type: 'skipped', updates: 2 },
      ['a', 2, 2, false],
      ['a', 3, 4, true],
    ]);
  });

  it('ends with the error that ended the subscription', async () => {
    using test = startClient();
    const reading = collect(test.client.subscribe('bad('), 99);
    const socket = await test.hub.greet();
    const { id } = socket.take('subscribe');
    socket.say({
      type: 'error',
      code: 'bad-query',
      message: 'no such thing',
      retryable: false,
      id,
    });
    await expect(reading).rejects.toThrow('no such thing');
  });

  it('ends when the client is closed', async () => {
    const test = startClient();
    const reading = collect(test.client.subscribe('a'), 99);
    test.client.close();
    expect(await reading).toEqual([]);
  });
});

it('knows how old its newest value is by the hub’s clock', async () => {
  const clock = new FakeClock(START_MS - 3_600_000);
  using test = startClient({ clock });
  test.client.subscribe('a', { onEvent: () => undefined });
  expect(test.client.ageMs()).toBeUndefined();
  const socket = await test.hub.greet({ serverTimeMs: START_MS });
  const { id } = socket.take('subscribe');
  socket.say(update(id, 1, { add: [A], groups: [at(-400, [1], [1])] }));
  clock.advance(100);
  expect(test.client.ageMs()).toBe(500);
});

it('lets a throwing callback disturb nobody else', async () => {
  using test = startClient();
  const uncaught: unknown[] = [];
  const listener = (error: unknown): void => void uncaught.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', listener);
  const events: unknown[] = [];
  test.client.subscribe('a', {
    onEvent: () => {
      throw new Error('mine');
    },
  });
  test.client.subscribe('a', { onEvent: record(events) });
  const socket = await test.hub.greet();
  socket.say(
    update(socket.take('subscribe').id, 1, { add: [A] }),
    update(socket.take('subscribe').id, 1, { add: [A] }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', listener);
  for (const other of others) process.on('uncaughtException', other);
  expect(events).toEqual([{ type: 'live' }, { joined: ['a'] }]);
  expect(uncaught.map(String)).toEqual(['Error: mine', 'Error: mine']);
});
