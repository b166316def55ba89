import { STALE_NAN } from '@nowcast/model';
import { describe, expect, it } from 'vitest';
import { MemorySpool } from './memory-spool.ts';
import type { PublishBatch, PublishProblem } from './publisher.ts';
import { startClient, START_MS } from './testing/client-fixture.ts';
import type { FakeSocket } from './testing/fake-hub.ts';

const A = { ref: 0, labels: { __name__: 'a' } };
const B = { ref: 1, labels: { __name__: 'b' }, type: 'counter', unit: 'bytes', help: 'h' } as const;

function batch(value: number, rest: Partial<PublishBatch> = {}): PublishBatch {
  return { refs: [0], values: [value], ...rest };
}

function ack(socket: FakeSocket, seq: number, epoch: number = START_MS): void {
  socket.say({ type: 'ack', source: 'me', epoch, seq });
}

describe('a publisher', () => {
  it('defines each series once on a connection and numbers its batches', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    const socket = await test.hub.greet();
    publisher.publish({ newSeries: [A, B], refs: [1, 0], values: [1.5, -0] });
    publisher.publish({ timeMs: 5, refs: [1], values: Float64Array.of(STALE_NAN) });
    expect(socket.take('publish')).toEqual({
      type: 'publish',
      source: 'me',
      epoch: START_MS,
      seq: 1,
      series: [
        { ...B, ref: 0 },
        { ...A, ref: 1 },
      ],
      groups: [{ timeMs: START_MS, values: [1.5, '-0'] }],
    });
    expect(socket.take('publish')).toEqual({
      type: 'publish',
      source: 'me',
      epoch: START_MS,
      seq: 2,
      groups: [{ timeMs: 5, values: ['stale'] }],
    });
  });

  it('gives two publishers of one connection different refs', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    for (const source of ['one', 'two'])
      test.client.publisher({ source }).publish(batch(1, { newSeries: [A] }));
    const refs = [socket.take('publish'), socket.take('publish')].map(
      ({ series }) => series?.[0]?.ref,
    );
    expect(refs).toEqual([0, 1]);
  });

  it('keeps what is not acknowledged and sends it again, with its series, on the next connection', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    publisher.publish(batch(1, { newSeries: [A] }));
    const first = await test.hub.greet();
    publisher.publish(batch(2));
    ack(first, 1);
    first.drop();
    publisher.publish(batch(3));
    expect(publisher.stats).toMatchObject({ waitingBatches: 2, acknowledgedBatches: 1 });
    test.clock.advance(500);
    const second = await test.hub.greet();
    expect(second.sent).toMatchObject([
      { seq: 2, series: [A], groups: [{ values: [2] }] },
      { seq: 3, groups: [{ values: [3] }] },
    ]);
    const flushed = publisher.flushed();
    ack(second, 3);
    await flushed;
    expect(publisher.stats.waitingBytes).toBe(0);
  });

  it('takes the hub’s time for its epoch where its own clock is behind', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    publisher.publish(batch(1, { newSeries: [A] }));
    const socket = await test.hub.greet({ serverTimeMs: START_MS + 9_000 });
    expect(socket.take('publish').epoch).toBe(START_MS + 9_000);
  });

  it('cuts a batch that would not fit in one message', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    const newSeries = Array.from({ length: 10 }, (_, ref) => ({
      ref,
      labels: { __name__: `series_${ref}`, text: 'x'.repeat(300) },
    }));
    const refs = newSeries.map(({ ref }) => ref);
    const publisher = test.client.publisher({ source: 'me', batchBytesMax: 2_000 });
    publisher.publish({ newSeries, refs, values: refs });
    const sizes = socket.sent.map((message) => JSON.stringify(message).length);
    expect(sizes.length).toBe(3);
    expect(Math.max(...sizes)).toBeLessThan(2_000);
    expect(socket.sent.flatMap((one) => (one.type === 'publish' ? one.groups : []))).toMatchObject([
      { values: [0, 1, 2, 3] },
      { values: [4, 5, 6, 7] },
      { values: [8, 9] },
    ]);
  });

  it('never sends a message that would end the session', async () => {
    using test = startClient();
    const problems: PublishProblem[] = [];
    const publisher = test.client.publisher({
      source: 'me',
      onProblem: (one) => problems.push(one),
    });
    const limits = { messageBytesMax: 200 };
    const socket = await test.hub.greet({ limits: { ...LIMITS, ...limits } });
    publisher.publish(batch(1, { newSeries: [{ ref: 0, labels: { __name__: 'å'.repeat(80) } }] }));
    publisher.publish(batch(2, { newSeries: [A] }));
    expect(socket.sent).toMatchObject([
      { seq: 1, groups: [] },
      { seq: 2, series: [{ labels: A.labels }] },
    ]);
    expect(problems).toMatchObject([
      { type: 'rejected', rejections: [{ code: 'batch-too-large', samples: 1 }] },
    ]);
  });

  it('sends ahead of the acks only so far', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    const publisher = test.client.publisher({ source: 'me' });
    for (let value = 1; value <= 100; value++)
      publisher.publish(batch(value, value === 1 ? { newSeries: [A] } : {}));
    expect(socket.sent).toHaveLength(64);
    ack(socket, 10);
    expect(socket.sent).toHaveLength(74);
    socket.bufferedAmount = 2 ** 21;
    ack(socket, 20);
    expect(socket.sent).toHaveLength(74);
    ack(socket, 74);
    expect(socket.sent).toHaveLength(75);
  });

  it('tells its caller to wait, and when to go on', async () => {
    using test = startClient();
    const spool = new MemorySpool({ bytesMax: 400 });
    const publisher = test.client.publisher({ source: 'me', spool });
    const socket = await test.hub.greet();
    expect(publisher.publish(batch(1, { newSeries: [A] }))).toBe(true);
    expect(publisher.publish(batch(2))).toBe(true);
    expect(publisher.publish(batch(3))).toBe(false);
    let drained = false;
    const waiting = publisher.drained().then(() => {
      drained = true;
    });
    await Promise.resolve();
    expect(drained).toBe(false);
    ack(socket, 1);
    await waiting;
    expect(await publisher.drained()).toBeUndefined();
  });

  it('drops the oldest when the spool is full, and counts it', async () => {
    using test = startClient();
    const problems: PublishProblem[] = [];
    const publisher = test.client.publisher({
      source: 'me',
      spool: new MemorySpool({ bytesMax: 200 }),
      onProblem: (problem) => problems.push(problem),
    });
    for (const value of [1, 2, 3, 4]) publisher.publish(batch(value, { newSeries: [A] }));
    const dropped = { type: 'dropped', batches: 1, samples: 1 };
    expect(problems).toEqual([dropped, dropped]);
    expect(publisher.stats).toMatchObject({
      droppedBatches: 2,
      droppedSamples: 2,
      waitingBatches: 2,
    });
    const socket = await test.hub.greet();
    expect(socket.sent).toMatchObject([{ seq: 3, series: [A] }, { seq: 4 }]);
  });

  it('counts what the hub rejects', async () => {
    using test = startClient();
    const problems: PublishProblem[] = [];
    const publisher = test.client.publisher({
      source: 'me',
      onProblem: (one) => problems.push(one),
    });
    const socket = await test.hub.greet();
    publisher.publish(batch(1, { newSeries: [A] }));
    const rejected = [{ code: 'bad-labels', message: 'too many', samples: 1 }];
    socket.say({ type: 'ack', source: 'me', epoch: START_MS, seq: 1, rejected });
    expect(problems).toEqual([{ type: 'rejected', rejections: rejected }]);
    expect(publisher.stats.rejectedSamples).toBe(1);
  });

  it('sends again after an error that may pass, and stops for this connection after another', async () => {
    using test = startClient();
    const problems: string[] = [];
    const publisher = test.client.publisher({
      source: 'me',
      onProblem: (one) =>
        problems.push(one.type === 'refused' ? `${one.error.code} ${one.retrying}` : ''),
    });
    const socket = await test.hub.greet();
    publisher.publish(batch(1, { newSeries: [A] }));
    socket.take('publish');
    const publish = { source: 'me', epoch: START_MS, seq: 1 };
    const error = { type: 'error', message: 'm', publish } as const;
    socket.say({ ...error, code: 'store-unavailable', retryable: true, retryAfterMs: 2_000 });
    publisher.publish(batch(2));
    expect(socket.sent).toEqual([]);
    test.clock.advance(2_000);
    expect(socket.sent.splice(0)).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    socket.say({ ...error, code: 'forbidden', retryable: false });
    publisher.publish(batch(3));
    expect(socket.sent).toEqual([]);
    expect(problems).toEqual(['store-unavailable true', 'forbidden false']);
    socket.drop();
    test.clock.advance(500);
    expect((await test.hub.greet()).sent).toHaveLength(3);
  });

  it('pauses once when all that was in flight is refused', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    const socket = await test.hub.greet();
    for (const value of [1, 2, 3]) publisher.publish(batch(value, { newSeries: [A] }));
    socket.sent.length = 0;
    for (const seq of [1, 2, 3]) {
      const publish = { source: 'me', epoch: START_MS, seq };
      const error = { type: 'error', code: 'store-unavailable', message: 'full' } as const;
      socket.say({ ...error, retryable: true, publish });
    }
    test.clock.advance(1_000);
    expect(socket.sent).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    ack(socket, 3);
    await publisher.flushed();
  });

  it.each([
    [{ newSeries: [{ ref: 0, labels: { job: 'x' } }], refs: [], values: [] }, /no metric name/],
    [{ newSeries: [{ ref: -1, labels: { __name__: 'x' } }], refs: [], values: [] }, /whole number/],
    [
      { newSeries: [{ ref: 0, labels: { __name__: 'x'.repeat(5_000) } }], refs: [], values: [] },
      /long/,
    ],
    [{ refs: [7], values: [1] }, /ref 7 was never defined/],
    [{ refs: [], values: [1] }, /0 refs and 1 values/],
  ])('refuses %j', (wrong, message) => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    expect(() => publisher.publish(wrong)).toThrow(message);
    expect(publisher.stats.waitingBatches).toBe(0);
  });

  it('frees the ref of a series that was ended', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    await test.hub.greet();
    publisher.publish(batch(1, { newSeries: [A] }));
    publisher.publish({ refs: [0], values: Float64Array.of(STALE_NAN) });
    expect(() => publisher.publish(batch(2))).toThrow(/never defined/);
    expect(publisher.publish(batch(2, { newSeries: [B, { ...A, ref: 0 }] }))).toBe(true);
  });

  it('takes a new connection when series that have ended have used up its refs', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    const limits = { ...LIMITS, publishSeriesMax: 10 };
    const first = await test.hub.greet({ limits });
    for (let at = 0; at < 12; at++) {
      const newSeries = [{ ref: at, labels: { __name__: 'process', pid: String(at) } }];
      publisher.publish({ newSeries, refs: [at], values: [1] });
      publisher.publish({ refs: [at], values: Float64Array.of(STALE_NAN) });
    }
    const sent = first.sent.length;
    expect(sent, 'the last refs are spent, then it waits for what is in flight').toBeLessThan(24);
    ack(first, sent - 1);
    expect(first.closed).toBeUndefined();
    ack(first, sent);
    expect(first.closed).toEqual({ code: 1000 });
    const second = await test.hub.greet({ limits });
    expect(second.sent[0]).toMatchObject({ seq: sent + 1, series: [{ ref: 0 }] });
    ack(second, 24);
    expect(publisher.stats).toMatchObject({ waitingBatches: 0, droppedBatches: 0 });
  });

  it('stops when closed', async () => {
    using test = startClient();
    const publisher = test.client.publisher({ source: 'me' });
    publisher.close();
    const socket = await test.hub.greet();
    expect(socket.sent).toEqual([]);
    expect(() => publisher.publish(batch(1, { newSeries: [A] }))).toThrow(/was closed/);
  });
});

const LIMITS = {
  messageBytesMax: 1_000_000,
  subscriptionsMax: 1,
  publishSeriesMax: 1,
  sendQueueBytesMax: 1,
};
