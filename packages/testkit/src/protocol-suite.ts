/**
 * What every encoding of the protocol must do, told as tests against a live hub: each message of the protocol
 * is exercised here at least once. A dialect only opens sessions.
 */
import { CloseCode } from '@nowcast/protocol';
import { describe, expect, test } from 'vitest';
import type { SessionClient } from './session-client.ts';
import { SubscriberView } from './subscriber-view.ts';
import { startTestHub, type TestHub } from './test-hub.ts';
import { TestPublisher } from './test-publisher.ts';
import { describeTimes } from './time-suite.ts';

export interface ProtocolDialect {
  readonly name: string;
  /** A connection that has not said hello. */
  readonly connect: (hub: TestHub) => Promise<SessionClient>;
}

export function describeProtocol(dialect: ProtocolDialect): void {
  describe(`protocol over ${dialect.name}`, () => {
    const open = async (hub: TestHub): Promise<SessionClient> => {
      const session = await dialect.connect(hub);
      session.send({ type: 'hello', versions: [1] });
      await session.take('welcome');
      return session;
    };

    describe('opening', () => {
      test('hello is answered by welcome with the limits', async () => {
        await using hub = await startTestHub({ limits: { subscriptionsMax: 7 } });
        const session = await dialect.connect(hub);
        session.send({ type: 'hello', versions: [9, 1], client: { name: 'suite' } });
        expect(await session.take('welcome')).toMatchObject({
          version: 1,
          heartbeatMs: 15_000,
          limits: { subscriptionsMax: 7, messageBytesMax: 1_048_576 },
          capabilities: [],
        });
      });

      test('no common version closes with 4406', async () => {
        await using hub = await startTestHub();
        const session = await dialect.connect(hub);
        session.send({ type: 'hello', versions: [99] });
        expect(await session.take('error')).toMatchObject({ code: 'unsupported-version' });
        expect((await session.closed).code).toBe(CloseCode.UNSUPPORTED_VERSION);
      });

      test('another message first closes with 4409', async () => {
        await using hub = await startTestHub();
        const session = await dialect.connect(hub);
        session.send({ type: 'watch', lane: 'alerts' });
        expect(await session.take('error')).toMatchObject({ code: 'out-of-order' });
        expect((await session.closed).code).toBe(CloseCode.OUT_OF_ORDER);
      });

      test('a second hello closes with 4409', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.send({ type: 'hello', versions: [1] });
        expect((await session.closed).code).toBe(CloseCode.OUT_OF_ORDER);
      });

      test('a token is asked for, refused when wrong, accepted when right', async () => {
        await using hub = await startTestHub({ token: 'correct-horse-battery' });
        const hello = async (token?: string): Promise<SessionClient> => {
          const session = await dialect.connect(hub);
          session.send({ type: 'hello', versions: [1], ...(token === undefined ? {} : { token }) });
          return session;
        };
        for (const token of [undefined, 'wrong'])
          expect((await (await hello(token)).closed).code).toBe(CloseCode.UNAUTHORIZED);
        await (await hello('correct-horse-battery')).take('welcome');
      });
    });

    describe('publishing', () => {
      test('a batch is acknowledged and its samples are there', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        const publisher = new TestPublisher(session, 'lab');
        const ack = await publisher.define([{ __name__: 'a' }], { values: [1.5] });
        expect(ack).toEqual({ type: 'ack', source: 'lab', epoch: 1, seq: 1 });
        const update = await session.subscribe({ id: 's', query: 'a' });
        expect(update.groups).toMatchObject([{ refs: [0], values: [1.5] }]);
      });

      test('the same batch again is acknowledged and counts once', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        const nowMs = Date.now();
        const batch = {
          type: 'publish',
          source: 'lab',
          epoch: 5,
          seq: 1,
          series: [{ ref: 0, labels: { __name__: 'a' } }],
          groups: [{ timeMs: nowMs, values: [1] }],
        } as const;
        session.send(batch);
        await session.take('ack');
        const again = await open(hub);
        again.send({ ...batch, groups: [{ timeMs: nowMs + 1, values: [2] }] });
        expect(await again.take('ack')).toMatchObject({ epoch: 5, seq: 1 });
        const update = await again.subscribe({ id: 's', query: 'a' });
        expect(update.groups).toEqual([{ timeMs: nowMs, refs: [0], values: [1] }]);
      });

      test('an older epoch is refused', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        const batch = { type: 'publish', source: 'lab', seq: 1, groups: [] } as const;
        session.send({ ...batch, epoch: 2 }, { ...batch, epoch: 1 });
        expect(await session.take('error')).toMatchObject({
          code: 'stale-epoch',
          publish: { source: 'lab', epoch: 1, seq: 1 },
        });
        expect(await session.take('ack')).toMatchObject({ epoch: 2 });
      });

      test('what cannot be taken is named in the ack, the rest is kept', async () => {
        await using hub = await startTestHub({ limits: { publishSeriesMax: 4, labelsMax: 2 } });
        const session = await open(hub);
        const nowMs = Date.now();
        session.send({
          type: 'publish',
          source: 'lab',
          epoch: 1,
          seq: 1,
          series: [
            { ref: 0, labels: { __name__: 'a' } },
            { ref: 1, labels: { nameless: 'x' } },
            { ref: 2, labels: { __name__: 'b', l1: 'x', l2: 'y' } },
            { ref: 3, labels: { __name__: 'c' } },
            { ref: 4, labels: { __name__: 'd' } },
          ],
          groups: [
            { timeMs: nowMs, values: [1, 2, 3, 4, 5] },
            { timeMs: nowMs, refs: [9], values: [6] },
            { timeMs: nowMs + 3_600_000, refs: [0], values: [7] },
            { timeMs: nowMs - 40 * 86_400_000, refs: [0], values: [8] },
          ],
        });
        const { rejected = [] } = await session.take('ack');
        expect(rejected.map(({ code, samples }) => `${code} ${samples}`).toSorted()).toEqual([
          'bad-labels 2',
          'publish-series-limit 1',
          'too-far-ahead 1',
          'too-old 1',
          'unknown-ref 1',
        ]);
        const update = await session.subscribe({ id: 's', query: '{__name__=~"a|b|c|d"}' });
        expect(update.groups).toMatchObject([{ values: [1, 4] }]);
      });

      test('over the series limit of the hub known series go on', async () => {
        await using hub = await startTestHub({ limits: { seriesMax: 1 } });
        const publisher = new TestPublisher(await open(hub));
        const labels = [{ __name__: 'a' }, { __name__: 'b' }];
        const ack = await publisher.define(labels, { values: [1, 2] });
        expect(ack.rejected).toMatchObject([{ code: 'series-limit', samples: 1 }]);
        expect((await publisher.publish([{ refs: [0], values: [3] }])).rejected).toBeUndefined();
      });
    });

    describeTimes(open);

    describe('subscribing', () => {
      test('nothing matches: subscribed in canonical spelling, then an empty update', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.send({ type: 'subscribe', id: 's', query: '{ job = "x" , __name__="up"}' });
        expect(await session.take('subscribed')).toMatchObject({
          type: 'subscribed',
          id: 's',
          query: 'up{job="x"}',
          grant: { minIntervalMs: 0, digits: null, deadband: null, width: null, visible: true },
        });
        expect(await session.take('update')).toEqual({
          type: 'update',
          id: 's',
          seq: 1,
          groups: [],
        });
      });

      test('series join, change, stay the same, and leave', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        const view = new SubscriberView();
        view.apply(await session.subscribe({ id: 's', query: 'a' }));
        const publisher = new TestPublisher(await open(hub));
        const nowMs = Date.now();
        const labels = [
          { __name__: 'a', k: '1' },
          { __name__: 'a', k: '2' },
          { __name__: 'b', k: '3' },
        ];
        await publisher.define(labels, { timeMs: nowMs, values: [1, 'NaN', 9] });
        const joined = await session.take('update');
        expect(joined.add?.map(({ labels: { k } }) => k)).toEqual(['1', '2']);
        view.apply(joined);
        await publisher.publish([{ timeMs: nowMs + 1, refs: [0, 1], values: [1, '-Inf'] }]);
        const changed = await session.take('update');
        expect(changed.groups).toEqual([
          { timeMs: nowMs + 1, refs: [1], values: ['-Inf'], same: [0, 0] },
        ]);
        view.apply(changed);
        await publisher.publish([{ timeMs: nowMs + 2, refs: [0], values: ['stale'] }]);
        const left = await session.take('update');
        expect(left).toMatchObject({ groups: [], remove: [0] });
        view.apply(left);
        await publisher.publish([{ timeMs: nowMs + 3, refs: [0], values: [4] }]);
        view.apply(await session.take('update'));
        expect(view.values).toEqual({ 'a 1': 4, 'a 2': -Infinity });
      });

      test('history comes first and joins live without hole or duplicate', async () => {
        await using hub = await startTestHub();
        const publisher = new TestPublisher(await open(hub));
        const startMs = Date.now() - 60_000;
        await publisher.define([{ __name__: 'a' }], { timeMs: startMs, values: [0] });
        const past = Array.from({ length: 49 }, (_, at) => ({
          timeMs: startMs + at + 1,
          values: [at + 1],
        }));
        await publisher.publish(past);
        const session = await open(hub);
        const view = new SubscriberView();
        session.send({ type: 'subscribe', id: 's', query: 'a', historyMs: 120_000 });
        for (let at = 50; at < 60; at++)
          await publisher.publish([{ timeMs: startMs + at, values: [at] }]);
        while (view.samples.length < 60) view.apply(await session.take('update'));
        expect(view.samples.map(([, , value]) => value)).toEqual(
          Array.from({ length: 60 }, (_, at) => at),
        );
      });

      test('history ends with a live update, also when nothing else happens', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        const publisher = new TestPublisher(session);
        const timeMs = Date.now();
        await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
        const past = await session.subscribe({ id: 's', query: 'a', historyMs: 60_000 });
        expect(past).toMatchObject({ seq: 1, history: true, groups: [{ timeMs, values: [1] }] });
        expect(await session.take('update')).toEqual({
          type: 'update',
          id: 's',
          seq: 2,
          groups: [],
        });
      });

      test('a history that is too long is refused, and the subscription goes on without it', async () => {
        await using hub = await startTestHub({ limits: { historySamplesMax: 1 } });
        const session = await open(hub);
        const publisher = new TestPublisher(session);
        const timeMs = Date.now();
        await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
        await publisher.publish([{ timeMs: timeMs + 1, values: [2] }]);
        session.send({ type: 'subscribe', id: 's', query: 'a', historyMs: 60_000 });
        expect(await session.take('error')).toMatchObject({ code: 'too-many-samples', id: 's' });
        const metrics = await (await fetch(`${hub.url}/metrics`)).text();
        expect(metrics).toContain('nowcast_limit_reached_total{limit="historySamplesMax"} 1');
        expect((await session.take('update')).groups).toMatchObject([{ values: [2] }]);
      });

      test('a slower contract gets the newest value, with fewer digits', async () => {
        await using hub = await startTestHub();
        const publisher = new TestPublisher(await open(hub));
        await publisher.define([{ __name__: 'a' }], { values: [1.23456] });
        const session = await open(hub);
        const contract = { minIntervalMs: 50, digits: 3 };
        session.send({ type: 'subscribe', id: 's', query: 'a', contract });
        expect(await session.take('subscribed')).toMatchObject({ grant: contract });
        const view = new SubscriberView();
        view.apply(await session.take('update'));
        expect(view.values).toEqual({ a: 1.23 });
        for (let at = 1; at <= 9; at++) await publisher.publish([{ values: [at + 0.00001] }]);
        while (view.values['a'] !== 9) view.apply(await session.take('update'));
        expect(view.samples.length).toBeLessThan(10);
      });

      test('changes within the deadband are told as the same, measured from what was told last', async () => {
        await using hub = await startTestHub();
        const publisher = new TestPublisher(await open(hub));
        const timeMs = Date.now();
        await publisher.define([{ __name__: 'a' }], { timeMs, values: [1] });
        const session = await open(hub);
        const contract = { deadband: 1 };
        session.send({ type: 'subscribe', id: 's', query: 'a', contract });
        expect(await session.take('subscribed')).toMatchObject({ grant: contract });
        const view = new SubscriberView();
        view.apply(await session.take('update'));
        for (const [at, value] of [1.75, 2, 2.5, 2.25].entries()) {
          await publisher.publish([{ timeMs: timeMs + at + 1, values: [value] }]);
          view.apply(await session.take('update'));
        }
        expect(view.samples.map(([, , value]) => value)).toEqual([1, 1, 1, 2.5, 2.5]);
        // The store has every bit of it.
        const whole = await open(hub);
        const { groups } = await whole.subscribe({ id: 's', query: 'a', historyMs: 60_000 });
        expect(groups.flatMap(({ values }) => values)).toEqual([1, 1.75, 2, 2.5, 2.25]);
      });

      test('a hidden subscription is silent, and refilled when it is seen again', async () => {
        await using hub = await startTestHub();
        const publisher = new TestPublisher(await open(hub));
        await publisher.define([{ __name__: 'a' }], { values: [1] });
        const session = await open(hub);
        const view = new SubscriberView();
        view.apply(await session.subscribe({ id: 's', query: 'a' }));
        const request = { type: 'subscribe', id: 's', query: 'a' } as const;
        session.send({ ...request, contract: { visible: false } });
        expect(await session.take('subscribed')).toMatchObject({ grant: { visible: false } });
        await publisher.publish([{ values: [2] }]);
        await publisher.publish([{ values: [3] }]);
        expect(await session.settle()).toEqual([]);
        session.send({ ...request, contract: { visible: true } });
        view.apply(await session.take('update'));
        expect(view.samples.map(([, , value]) => value)).toEqual([1, 3]);
      });

      test.each([
        ['a{', 'bad-query'],
        ['a{b=~"("}', 'bad-query'],
        ['a[5m]', 'unsupported-query'],
        ['sum(a @ end())', 'unsupported-query'],
      ])('%s is refused with %s', async (query, code) => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.send({ type: 'subscribe', id: 's', query });
        expect(await session.take('error')).toMatchObject({ code, id: 's', retryable: false });
      });

      test('an id in use keeps its query, one too many is refused, both go on', async () => {
        await using hub = await startTestHub({ limits: { subscriptionsMax: 1 } });
        const session = await open(hub);
        await session.subscribe({ id: 's', query: 'a' });
        session.send(
          { type: 'subscribe', id: 's', query: 'b' },
          { type: 'subscribe', id: 't', query: 'a' },
        );
        expect(await session.take('error')).toMatchObject({ code: 'id-in-use', id: 's' });
        expect(await session.take('error')).toMatchObject({
          code: 'too-many-subscriptions',
          id: 't',
        });
      });

      test('unsubscribe is answered, and its id is free again', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.send({ type: 'unsubscribe', id: 's' });
        expect(await session.take('error')).toMatchObject({
          code: 'unknown-subscription',
          id: 's',
        });
        await session.subscribe({ id: 's', query: 'a' });
        session.send({ type: 'unsubscribe', id: 's' });
        expect(await session.take('unsubscribed')).toEqual({ type: 'unsubscribed', id: 's' });
        expect(await session.subscribe({ id: 's', query: 'b' })).toMatchObject({ seq: 1 });
      });
    });

    describe('alerts', () => {
      const hot = { __name__: 'node_hwmon_temp_celsius', instance: 'h', chip: 'c', sensor: 's' };

      test('a snapshot, then each change, then silence after unwatch', async () => {
        await using hub = await startTestHub({ health: { temperatureForMs: 0, clearForMs: 0 } });
        const session = await open(hub);
        session.send({ type: 'watch', lane: 'alerts' });
        expect(await session.take('alerts')).toEqual({
          type: 'alerts',
          seq: 1,
          snapshot: true,
          alerts: [],
        });
        const publisher = new TestPublisher(await open(hub));
        await publisher.define([hot], { values: [95] });
        const firing = await session.take('alerts');
        expect(firing).toMatchObject({
          seq: 2,
          snapshot: false,
          alerts: [{ condition: 'temperature-high', state: 'firing', value: 95, unit: 'celsius' }],
        });
        await publisher.publish([{ values: [20] }]);
        expect(await session.take('alerts')).toMatchObject({
          seq: 3,
          alerts: [{ id: firing.alerts[0]?.id, state: 'resolved' }],
        });
        session.send({ type: 'unwatch', lane: 'alerts' });
        await session.settle();
        await publisher.publish([{ values: [96] }]);
        expect(await session.settle()).toEqual([]);
        session.send({ type: 'watch', lane: 'alerts' });
        expect(await session.take('alerts')).toMatchObject({
          snapshot: true,
          alerts: [{ state: 'firing', value: 96 }],
        });
      });
    });

    describe('heartbeat and end', () => {
      test('ping is answered with its own time', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.send({ type: 'ping', timeMs: 12.5 }, { type: 'pong', timeMs: 1, receivedMs: 2 });
        expect(await session.take('pong')).toMatchObject({ timeMs: 12.5 });
      });

      test('a closing hub says goodbye, and when to come back', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        await hub.hub.close();
        const goodbye = await session.take('goodbye');
        expect(goodbye).toMatchObject({ code: CloseCode.GOING_AWAY });
        expect(goodbye.reconnectAfterMs).toBeGreaterThanOrEqual(0);
        expect((await session.closed).code).toBe(CloseCode.GOING_AWAY);
      });
    });

    describe('invalid messages', () => {
      test('a bad message in a frame does not spoil its neighbours', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.sendRaw([
          { type: 'nonsense', id: 'n' },
          { type: 'subscribe', id: 's' },
          7,
          { type: 'ping', timeMs: 1, unknownField: true },
        ]);
        expect(await session.take('error')).toMatchObject({ code: 'unknown-type', id: 'n' });
        expect(await session.take('error')).toMatchObject({ code: 'invalid-message', id: 's' });
        expect(await session.take('error')).toMatchObject({ code: 'invalid-message' });
        expect(await session.take('pong')).toMatchObject({ timeMs: 1 });
      });

      test('a frame of more than 1,000 messages is refused as one', async () => {
        await using hub = await startTestHub();
        const session = await open(hub);
        session.sendRaw(Array.from({ length: 1_001 }, () => ({ type: 'ping', timeMs: 1 })));
        expect(await session.settle()).toMatchObject([{ type: 'error', code: 'invalid-message' }]);
      });

      test('too many errors close with 4201', async () => {
        await using hub = await startTestHub({ limits: { errorsPerMinuteMax: 3 } });
        const session = await open(hub);
        for (let at = 0; at < 4; at++) session.send({ type: 'unsubscribe', id: 'x' });
        expect((await session.closed).code).toBe(CloseCode.RATE_LIMITED);
      });
    });
  });
}
