import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, TestPublisher, type SessionClient, type TestHub } from '@nowcast/testkit';
import { describe, expect, test } from 'vitest';

const instance = 'web-1';
const disk = { instance, device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };

interface Case {
  readonly name: string;
  readonly series: readonly Readonly<Record<string, string>>[];
  /** Values by second; the last row goes on. */
  readonly rows: readonly (readonly number[])[];
  readonly expected: readonly string[];
}

const cpu = { __name__: 'node_cpu_seconds_total', instance, cpu: '0' };
const bad = (rows: number, row: (second: number) => readonly number[]): (readonly number[])[] =>
  Array.from({ length: rows }, (_, second) => row(second));

const cases: readonly Case[] = [
  {
    name: 'disk almost full, at once',
    series: [
      { __name__: 'node_filesystem_avail_bytes', ...disk },
      { __name__: 'node_filesystem_size_bytes', ...disk },
      { __name__: 'node_filesystem_files_free', ...disk },
      { __name__: 'node_filesystem_files', ...disk },
    ],
    rows: [[9, 100, 2, 100]],
    expected: ['disk-full firing warning 0.09', 'disk-inodes firing critical 0.02'],
  },
  {
    name: 'disk as df counts it: what is reserved for root is no part of it',
    series: [
      { __name__: 'node_filesystem_avail_bytes', ...disk },
      { __name__: 'node_filesystem_free_bytes', ...disk },
      { __name__: 'node_filesystem_size_bytes', ...disk },
    ],
    rows: [[9, 50, 100]],
    expected: [],
  },
  {
    name: 'one device in two places is told once; memory is nobody’s disk',
    series: ['/', '/etc/hosts'].flatMap((mountpoint) => [
      { __name__: 'node_filesystem_avail_bytes', ...disk, mountpoint },
      { __name__: 'node_filesystem_size_bytes', ...disk, mountpoint },
      {
        __name__: 'node_filesystem_avail_bytes',
        ...disk,
        mountpoint,
        fstype: 'tmpfs',
        device: 'tmpfs',
      },
      {
        __name__: 'node_filesystem_size_bytes',
        ...disk,
        mountpoint,
        fstype: 'tmpfs',
        device: 'tmpfs',
      },
    ]),
    rows: [[1, 100, 1, 100, 1, 100, 1, 100]],
    expected: ['disk-full firing critical 0.01'],
  },
  {
    name: 'busy CPU, after a while',
    series: [
      { ...cpu, mode: 'idle' },
      { ...cpu, mode: 'iowait' },
      { ...cpu, mode: 'user' },
    ],
    rows: bad(40, (second) => [100, 50, second]),
    expected: ['cpu-saturation firing warning 1'],
  },
  {
    name: 'waiting for disks is not busy',
    series: [
      { ...cpu, mode: 'idle' },
      { ...cpu, mode: 'iowait' },
    ],
    rows: bad(40, (second) => [100, second]),
    expected: [],
  },
  {
    name: 'memory short',
    series: [
      { __name__: 'node_memory_MemAvailable_bytes', instance },
      { __name__: 'node_memory_MemTotal_bytes', instance },
    ],
    rows: bad(20, () => [4, 100]),
    expected: ['memory-pressure firing critical 0.04'],
  },
  {
    name: 'everything waits for memory',
    series: [{ __name__: 'node_pressure_memory_stalled_seconds_total', instance }],
    rows: bad(30, (second) => [second / 2]),
    expected: ['memory-stalled firing critical 0.5'],
  },
  {
    name: 'network errors, not those of loopback',
    series: ['eth0', 'lo'].flatMap((device) => [
      { __name__: 'node_network_receive_errs_total', instance, device },
      { __name__: 'node_network_transmit_errs_total', instance, device },
    ]),
    rows: bad(50, (second) => [2 * second, second, 9 * second, 9 * second]),
    expected: ['network-errors firing warning 3'],
  },
  {
    name: 'clock not in sync',
    series: [
      { __name__: 'node_timex_sync_status', instance },
      { __name__: 'node_timex_maxerror_seconds', instance },
    ],
    rows: bad(70, () => [0, 16]),
    expected: ['clock-unsynced firing warning 16'],
  },
  {
    name: 'too hot for its maker',
    series: [
      { __name__: 'node_hwmon_temp_celsius', instance, chip: 'c', sensor: 's' },
      { __name__: 'node_hwmon_temp_crit_celsius', instance, chip: 'c', sensor: 's' },
    ],
    rows: bad(15, () => [72, 75]),
    expected: ['temperature-high firing warning 72'],
  },
];

async function firing(session: SessionClient): Promise<string[]> {
  session.send({ type: 'unwatch', lane: 'alerts' }, { type: 'watch', lane: 'alerts' });
  for (;;) {
    const { snapshot, alerts } = await session.take('alerts');
    if (!snapshot) continue;
    return alerts
      .filter(({ state }) => state === 'firing')
      .map(({ condition, state, severity, value }) => `${condition} ${state} ${severity} ${value}`)
      .toSorted();
  }
}

test.each(cases)('$name', async ({ series, rows, expected }) => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const session = await hub.session();
  const publisher = new TestPublisher(session);
  const groups = rows.map((values, second) => ({ timeMs: clock.nowMs() + second * 1_000, values }));
  await publisher.publish(
    groups,
    series.map((labels, ref) => ({ ref, labels })),
  );
  expect(await firing(session)).toEqual(expected);
});

test('a host is silent after three of its own intervals, and told of again when it is back', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const session = await hub.session();
  const publisher = new TestPublisher(session);
  const series = [{ ref: 0, labels: { __name__: 'up', instance } }];
  for (let at = 0; at < 4; at++) {
    await publisher.publish([{ timeMs: clock.nowMs(), values: [1] }], series);
    clock.advance(5_000);
  }
  clock.advance(9_000);
  expect(await firing(session)).toEqual([]);
  clock.advance(3_000);
  session.raw.ping();
  expect(await firing(session)).toEqual(['host-silent firing critical 17']);
  await publisher.publish([{ timeMs: clock.nowMs(), values: [1] }]);
  clock.advance(1_000);
  expect(await firing(session)).toEqual([]);
});

describe('what does not stay', () => {
  const hot = { __name__: 'node_hwmon_temp_celsius', instance, chip: 'c', sensor: 's' };
  const health = { temperatureForMs: 0, hostForgetMs: 3_600_000 };

  /** A host that is too hot, heard a few times, and a session that watches without a heartbeat of its own. */
  async function scene(hub: TestHub, clock: FakeClock): Promise<TestPublisher> {
    const publisher = new TestPublisher(await hub.session());
    const labels = [hot, { __name__: 'up', instance }];
    await publisher.define(labels, { timeMs: clock.nowMs(), values: [95, 1] });
    for (let at = 0; at < 3; at++) {
      clock.advance(1_000);
      await publisher.publish([{ timeMs: clock.nowMs(), values: [95, 1] }]);
    }
    return publisher;
  }

  const hosts = async (hub: TestHub): Promise<unknown> => {
    const answer = (await (await fetch(`${hub.url}/api/v1/hosts`)).json()) as { data: unknown[] };
    return answer.data.length;
  };

  test('a host that stays silent is forgotten with its alerts, and new when it comes back', async () => {
    const clock = new FakeClock();
    await using hub = await startTestHub({ clock, health, live: { heartbeatMs: 1e9 } });
    const publisher = await scene(hub, clock);
    const session = await hub.session();
    expect(await firing(session)).toEqual(['temperature-high firing warning 95']);
    clock.advance(3_500_000);
    const silent = 'host-silent firing critical 3500';
    expect(await firing(session)).toEqual([silent, 'temperature-high firing warning 95']);
    clock.advance(100_000);
    const told = (await session.settle()).flatMap((one) =>
      one.type === 'alerts' ? one.alerts : [],
    );
    const resolved = told.filter(({ state }) => state === 'resolved').map((one) => one.condition);
    expect(resolved.toSorted()).toEqual(['host-silent', 'temperature-high']);
    expect(await firing(session)).toEqual([]);
    expect(await hosts(hub)).toBe(0);
    await publisher.publish([{ timeMs: clock.nowMs(), values: [96, 1] }]);
    expect(await firing(session)).toEqual(['temperature-high firing warning 96']);
    expect(await hosts(hub)).toBe(1);
  });

  test('a thing that vanishes from a host that goes on takes its alert with it', async () => {
    const clock = new FakeClock();
    await using hub = await startTestHub({ clock, health, live: { heartbeatMs: 1e9 } });
    const publisher = await scene(hub, clock);
    const session = await hub.session();
    for (let seconds = 0; seconds < 400; seconds++) {
      clock.advance(1_000);
      await publisher.publish([{ timeMs: clock.nowMs(), refs: [1], values: [1] }]);
    }
    expect(await firing(session)).toEqual([]);
  });

  test('what a publisher sends of its past is not judged as if it were now', async () => {
    const clock = new FakeClock();
    await using hub = await startTestHub({ clock, health, live: { heartbeatMs: 1e9 } });
    const session = await hub.session();
    session.send({ type: 'watch', lane: 'alerts' });
    await session.take('alerts');
    const publisher = new TestPublisher(await hub.session());
    const past = Array.from({ length: 60 }, (_, at) => ({
      timeMs: clock.nowMs() - 3_600_000 + at * 1_000,
      values: [95],
    }));
    await publisher.publish(past, [{ ref: 0, labels: hot }]);
    clock.advance(60_000);
    expect(await session.settle()).toEqual([]);
  });
});
