import { FakeClock } from '@nowcast/std/testing';
import {
  startTestHub,
  SubscriberView,
  TestPublisher,
  type SessionClient,
  type TestHub,
} from '@nowcast/testkit';
import { expect, test } from 'vitest';

async function metric(hub: TestHub, name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('one reader that stops among a hundred: the others get every update', async () => {
  const clock = new FakeClock();
  const limits = { sendQueueBytesMax: 100_000 };
  // Heartbeats would find the stopped reader dead first.
  await using hub = await startTestHub({ clock, limits, live: { heartbeatMs: 1e9 } });
  const publisher = new TestPublisher(await hub.session());
  const labels = Array.from({ length: 50 }, (_, at) => ({ __name__: 'a', k: String(at) }));
  const round = async (number: number): Promise<void> => {
    clock.advance(100);
    const values = labels.map((_, at) => number * 1_000 + at + 0.123456789);
    await publisher.publish([{ timeMs: clock.nowMs(), values }]);
    clock.advance(100);
  };
  await publisher.define(labels, { timeMs: clock.nowMs(), values: labels.map(() => 0) });
  const slow = await hub.session();
  // It asks for the same many times over: the system's buffers take megabytes before anything waits.
  const ids = Array.from({ length: 400 }, (_, at) => `s${at}`);
  slow.send(...ids.map((id) => ({ type: 'subscribe', id, query: 'a' }) as const));
  await slow.settle();
  slow.raw.stopReading();
  const fast = await Promise.all(Array.from({ length: 100 }, () => hub.session()));
  const views = fast.map(() => new SubscriberView());
  for (const [at, session] of fast.entries())
    views[at]?.apply(await session.subscribe({ id: 's', query: 'a' }));
  let rounds = 0;
  for (let skipped = 0; skipped === 0 || rounds < 20;) {
    await round(++rounds);
    for (const [at, session] of fast.entries()) views[at]?.apply(await session.take('update'));
    skipped = await metric(hub, 'nowcast_updates_skipped_total');
  }
  for (const view of views) {
    expect(view.samples).toHaveLength(labels.length * (rounds + 1));
    expect(view.values['a 7']).toBe(rounds * 1_000 + 7.123456789);
  }
});

test('a thousand clients that come back at once after a restart are all served', async () => {
  const clients = Array.from({ length: 1_000 }, (_, at) => at);
  const gather = (hub: TestHub): Promise<SessionClient[]> =>
    Promise.all(
      clients.map(async (at) => {
        const session = await hub.session();
        const update = await session.subscribe({ id: 's', query: `{k="${at % 10}"}` });
        expect(update.groups).toMatchObject([{ values: [at % 10] }]);
        return session;
      }),
    );
  const serve = async (hub: TestHub): Promise<void> => {
    const publisher = new TestPublisher(await hub.session());
    const labels = Array.from({ length: 10 }, (_, at) => ({ __name__: 'a', k: String(at) }));
    await publisher.define(labels, { values: labels.map((_, at) => at) });
  };
  const before = await startTestHub();
  await serve(before);
  const sessions = await gather(before);
  const goodbyes = Promise.all(sessions.map((session) => session.take('goodbye')));
  await before.hub.close();
  // They are spread over more time the more there are of them.
  const returnsMs = (await goodbyes).map(({ reconnectAfterMs = 0 }) => reconnectAfterMs);
  expect(Math.max(...returnsMs)).toBeGreaterThan(500);
  await before[Symbol.asyncDispose]();
  await using after = await startTestHub();
  await serve(after);
  await gather(after);
  expect(await metric(after, 'nowcast_sessions')).toBe(clients.length + 1);
  expect(await metric(after, 'nowcast_session_errors_total')).toBe(0);
  expect(await metric(after, 'nowcast_upgrades_refused_total')).toBe(0);
});
