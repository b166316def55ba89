import { isStaleMarker } from '@nowcast/model';
import { expect, test } from 'vitest';
import { BatchBuffer } from './batch-buffer.ts';
import { gauge, SeriesGroup, unitOf } from './series-group.ts';
import { Follower } from './testing/snapshot.ts';

function fixture(): { group: SeriesGroup; follower: Follower; pass: () => void } {
  const group = new SeriesGroup({ job: 'node' });
  const buffer = new BatchBuffer(0);
  const follower = new Follower();
  let timeMs = 0;
  return {
    group,
    follower,
    pass() {
      group.emit(buffer);
      follower.publish(buffer.take((timeMs += 1000)));
    },
  };
}

test('a slot becomes a series when it is set and ends when a pass leaves it out', () => {
  const { group, follower, pass } = fixture();
  const slot = group.define(gauge('node_x_bytes', 'X.'), { device: 'a' });
  pass();
  expect(follower.definitions.size).toBe(0);
  group.set(slot, 5);
  pass();
  expect(follower.values()).toEqual(new Map([['node_x_bytes{device="a", job="node"}', 5]]));
  expect(follower.definitions.get(0)).toMatchObject({ type: 'gauge', unit: 'bytes', help: 'X.' });
  pass();
  expect(follower.current.size).toBe(0);
  expect(isStaleMarker(follower.batches.at(-1)?.values[0] as number)).toBe(true);
  group.set(slot, 6);
  pass();
  expect([...follower.current]).toEqual([[1, 6]]);
});

test('a released slot ends and serves another series', () => {
  const { group, follower, pass } = fixture();
  const slot = group.define(gauge('node_x', ''), { device: 'a' });
  group.set(slot, 1);
  pass();
  group.release(slot);
  const other = group.define(gauge('node_x', ''), { device: 'b' });
  expect(other).toBe(slot);
  group.set(other, 2);
  pass();
  expect(follower.values()).toEqual(new Map([['node_x{device="b", job="node"}', 2]]));
  expect(follower.ended).toEqual(new Set([0]));
});

test('NaN is no value, and a failed pass ends everything', () => {
  const { group, follower, pass } = fixture();
  const slots = Array.from({ length: 100 }, (_, at) =>
    group.define(gauge('node_x', ''), { device: String(at) }),
  );
  for (const slot of slots) group.set(slot, 1);
  pass();
  for (const slot of slots) group.set(slot, slot === 0 ? NaN : 2);
  pass();
  expect(follower.current.size).toBe(99);
  for (const slot of slots) group.set(slot, 3);
  group.discardPass();
  pass();
  expect(follower.current.size).toBe(0);
  expect(group.liveCount).toBe(0);
});

test.each([
  ['node_cpu_seconds_total', 'seconds'],
  ['node_memory_MemFree_bytes', 'bytes'],
  ['node_load1', ''],
])('the unit of %s is %j', (name, unit) => expect(unitOf(name)).toBe(unit));
