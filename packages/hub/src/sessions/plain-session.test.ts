import { CloseCode } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, TestPublisher, type RawClient, type TestHub } from '@nowcast/testkit';
import { expect, test } from 'vitest';

async function told(client: RawClient): Promise<Record<string, unknown>> {
  const text = await client.next();
  if (text === undefined) throw new Error(`closed with ${(await client.closed).code}`);
  return JSON.parse(text) as Record<string, unknown>;
}

async function host(hub: TestHub, clock: FakeClock): Promise<TestPublisher> {
  const publisher = new TestPublisher(await hub.session());
  const disk = { instance: 'web-1', device: '/dev/sda', fstype: 'ext4', mountpoint: '/' };
  const cpu = { __name__: 'node_cpu_seconds_total', instance: 'web-1', cpu: '0' };
  await publisher.define(
    [
      { __name__: 'node_load1', instance: 'web-1' },
      { ...cpu, mode: 'idle' },
      { ...cpu, mode: 'user' },
      { __name__: 'node_memory_MemTotal_bytes', instance: 'web-1' },
      { __name__: 'node_memory_MemAvailable_bytes', instance: 'web-1' },
      { __name__: 'node_filesystem_size_bytes', ...disk },
      { __name__: 'node_filesystem_free_bytes', ...disk },
      { __name__: 'node_filesystem_avail_bytes', ...disk },
    ],
    { timeMs: clock.nowMs(), values: [0.5, 100, 50, 1_000, 250, 100, 60, 40] },
  );
  return publisher;
}

test('greets at once, tells the overview each second, answers any text', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const publisher = await host(hub, clock);
  const client = await hub.connect();
  expect(await told(client)).toMatchObject({ type: 'welcome', serverTimeMs: clock.nowMs() });
  const first = { instance: 'web-1', ageMs: 0, load1: 0.5, memoryPercent: 75, diskPercent: 50 };
  expect(await told(client)).toMatchObject({ type: 'overview', hosts: [first], health: [] });
  client.sendText('心跳');
  expect(await told(client)).toMatchObject({ type: 'heartbeat', echo: '心跳' });
  clock.advance(500);
  await publisher.publish([{ timeMs: clock.nowMs() + 500, refs: [0, 1], values: [0.7, 100.25] }]);
  clock.advance(500);
  const later = { instance: 'web-1', ageMs: 0, load1: 0.7, cpuPercent: 75, memoryPercent: 75 };
  expect(await told(client)).toMatchObject({ type: 'overview', hosts: [later] });
});

test('with a query: all values, then those that changed, then a sign of life', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const publisher = await host(hub, clock);
  const client = await hub.connect({
    search: `?query=${encodeURIComponent('{instance="web-1", mode!=""}')}`,
  });
  expect(await told(client)).toMatchObject({
    type: 'welcome',
    query: '{instance="web-1",mode!=""}',
  });
  const name = (mode: string): string =>
    `node_cpu_seconds_total{cpu="0", instance="web-1", mode="${mode}"}`;
  expect((await told(client))['values']).toEqual({ [name('idle')]: 100, [name('user')]: 50 });
  await publisher.publish([{ timeMs: clock.nowMs() + 1, refs: [1, 2], values: [100, 'stale'] }]);
  clock.advance(1_000);
  expect((await told(client))['values']).toEqual({ [name('user')]: null });
  clock.advance(10_000);
  expect(await told(client)).toMatchObject({ type: 'values', values: {} });
});

test('a query that is no selector is named, and the stream ends', async () => {
  await using hub = await startTestHub();
  const client = await hub.connect({ search: '?query=sum(a)' });
  expect(await told(client)).toMatchObject({ type: 'error', code: 'unsupported-query' });
  expect((await client.closed).code).toBe(CloseCode.BAD_MESSAGE);
});

test('who answers no ping is dropped; who answers stays', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock, live: { plainIntervalMs: 60_000 } });
  const deaf = await hub.connect({ autoPong: false });
  const alive = await hub.connect();
  clock.advance(15_000);
  alive.sendText('x');
  while ((await told(alive))['type'] !== 'heartbeat');
  clock.advance(15_000);
  expect((await deaf.closed).code).toBe(CloseCode.HEARTBEAT_TIMEOUT);
  alive.sendText('y');
  while ((await told(alive))['echo'] !== 'y');
});

test('with ?history= the past comes first, one message a moment, then the present', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const publisher = await host(hub, clock);
  const startMs = clock.nowMs();
  for (const value of [0.5, 0.7, 0.9]) {
    clock.advance(1_000);
    await publisher.publish([{ timeMs: clock.nowMs(), refs: [0], values: [value] }]);
  }
  const client = await hub.connect({ search: '?query=node_load1&history=2s' });
  expect(await told(client)).toMatchObject({ type: 'welcome', query: 'node_load1' });
  const name = 'node_load1{instance="web-1"}';
  for (const [at, value] of [0.5, 0.7, 0.9].entries())
    expect(await told(client)).toMatchObject({
      type: 'values',
      timeMs: startMs + (at + 1) * 1_000,
      values: { [name]: value },
    });
  const present = { type: 'values', timeMs: clock.nowMs(), values: { [name]: 0.9 } };
  expect(await told(client)).toMatchObject(present);
});

test('a history that is no duration is refused', async () => {
  await using hub = await startTestHub({ clock: new FakeClock() });
  const client = await hub.connect({ search: '?query=up&history=long' });
  expect(await told(client)).toMatchObject({ type: 'error', code: 'bad-duration' });
  expect((await client.closed).code).toBe(CloseCode.BAD_MESSAGE);
});
