import { CloseCode } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, SubscriberView, TestPublisher, type TestHub } from '@nowcast/testkit';
import { expect, test } from 'vitest';

const SERIES = 5_000;
const labels = Array.from({ length: SERIES }, (_, at) => ({ __name__: 'a', k: `series ${at}` }));
const limits = { sendQueueBytesMax: 400_000 };

async function queuedBytes(hub: TestHub): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(/^nowcast_send_queue_bytes (\d+)$/m.exec(text)?.[1]);
}

interface Scene {
  readonly publisher: TestPublisher;
  /** Publishes a round in which every value changes, and lets it be flushed. */
  readonly round: (value: number) => Promise<void>;
}

async function publishing(hub: TestHub, clock: FakeClock): Promise<Scene> {
  const publisher = new TestPublisher(await hub.session());
  const values = (value: number): number[] =>
    labels.map((_, at) => value * 1_000 + at + 0.123456789);
  await publisher.define(labels, { timeMs: clock.nowMs(), values: values(0) });
  return {
    publisher,
    round: async (value) => {
      clock.advance(100);
      await publisher.publish([{ timeMs: clock.nowMs(), values: values(value) }]);
      clock.advance(100);
    },
  };
}

test('a reader that stops is bounded, does not hold up others, and catches up with the newest values', async () => {
  const clock = new FakeClock();
  // Heartbeats would find the stopped reader dead first.
  await using hub = await startTestHub({ clock, limits, live: { heartbeatMs: 600_000 } });
  const { round } = await publishing(hub, clock);
  const slow = await hub.session();
  const fast = await hub.session();
  const slowView = new SubscriberView();
  const fastView = new SubscriberView();
  slowView.apply(await slow.subscribe({ id: 's', query: 'a' }));
  fastView.apply(await fast.subscribe({ id: 's', query: 'a' }));
  slow.raw.stopReading();
  let rounds = 0;
  // The system's own buffers take the first megabytes.
  while ((await queuedBytes(hub)) < limits.sendQueueBytesMax) {
    await round(++rounds);
    fastView.apply(await fast.take('update'));
  }
  const bound = await queuedBytes(hub);
  for (let more = 0; more < 20; more++) {
    await round(++rounds);
    fastView.apply(await fast.take('update'));
  }
  expect(await queuedBytes(hub)).toBe(bound);
  expect(bound).toBeLessThan(limits.sendQueueBytesMax * 2);
  expect(fastView.samples).toHaveLength(SERIES * (rounds + 1));
  slow.raw.goOnReading();
  while (slowView.values['a series 0'] !== fastView.values['a series 0'])
    slowView.apply(await slow.take('update'));
  expect(slowView.values).toEqual(fastView.values);
  expect(slowView.samples.length).toBeLessThan(fastView.samples.length);
  await round(++rounds);
  slowView.apply(await slow.take('update'));
  expect(slowView.values['a series 7']).toBe(rounds * 1_000 + 7.123456789);
});

test('a reader that never comes back is closed with 4002', async () => {
  const clock = new FakeClock();
  // Heartbeats would find it dead first.
  await using hub = await startTestHub({ clock, limits, live: { heartbeatMs: 600_000 } });
  const { round } = await publishing(hub, clock);
  const slow = await hub.session();
  await slow.subscribe({ id: 's', query: 'a' });
  slow.raw.stopReading();
  for (let rounds = 1; (await queuedBytes(hub)) < limits.sendQueueBytesMax; rounds++)
    await round(rounds);
  await round(1e6);
  clock.advance(29_000);
  slow.raw.ping();
  clock.advance(3_000);
  slow.raw.goOnReading();
  expect((await slow.closed).code).toBe(CloseCode.TOO_SLOW);
});
