/** What every encoding of the protocol must do with the times of samples: order, corrections, the past, no time at all. */
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, test } from 'vitest';
import type { SessionClient } from './session-client.ts';
import { startTestHub, type TestHub } from './test-hub.ts';
import { TestPublisher } from './test-publisher.ts';

export function describeTimes(open: (hub: TestHub) => Promise<SessionClient>): void {
  describe('times of samples', () => {
    test('without a time it is when the hub received them, rising from batch to batch', async () => {
      const clock = new FakeClock();
      await using hub = await startTestHub({ clock });
      const publisher = new TestPublisher(await open(hub));
      await publisher.define([{ __name__: 'a' }], { values: [1] });
      await publisher.publish([{ values: [2] }]);
      await publisher.publish([{ values: [3] }]);
      const session = await open(hub);
      const { groups } = await session.subscribe({ id: 's', query: 'a', historyMs: 60_000 });
      const nowMs = clock.nowMs();
      expect(groups.map(({ timeMs, values }) => [timeMs, values])).toEqual([
        [nowMs, [1]],
        [nowMs + 1, [2]],
        [nowMs + 2, [3]],
      ]);
    });

    test('another value for the newest sample is told with its time; the same value is not', async () => {
      await using hub = await startTestHub();
      const publisher = new TestPublisher(await open(hub));
      const timeMs = Date.now();
      await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
      const session = await open(hub);
      await session.subscribe({ id: 's', query: 'a' });
      await publisher.publish([{ timeMs, values: [1] }]);
      await publisher.publish([{ timeMs, values: [2] }]);
      expect(await session.take('update')).toMatchObject({
        seq: 2,
        groups: [{ timeMs, refs: [0], values: [2] }],
      });
    });

    test('a correction reaches who was hidden when it came', async () => {
      await using hub = await startTestHub();
      const publisher = new TestPublisher(await open(hub));
      const timeMs = Date.now();
      await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
      const session = await open(hub);
      const request = { type: 'subscribe', id: 's', query: 'a' } as const;
      await session.subscribe(request);
      session.send({ ...request, contract: { visible: false } });
      await session.take('subscribed');
      await publisher.publish([{ timeMs, values: [2] }]);
      session.send(request);
      expect((await session.take('update')).groups).toEqual([{ timeMs, refs: [0], values: [2] }]);
    });

    test('what is older than the newest is stored and not told live', async () => {
      await using hub = await startTestHub();
      const publisher = new TestPublisher(await open(hub));
      const timeMs = Date.now();
      await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
      const session = await open(hub);
      await session.subscribe({ id: 's', query: 'a' });
      await publisher.publish([{ timeMs: timeMs - 5_000, values: [0] }]);
      expect(await session.settle()).toEqual([]);
      const { groups } = await session.subscribe({ id: 'h', query: 'a', historyMs: 60_000 });
      expect(groups.map(({ values }) => values)).toEqual([[0], [1]]);
    });
  });
}
