import { LabelSet, STALE_NAN } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { openMemoryStore } from '@nowcast/tsdb';
import { expect, test } from 'vitest';
import { LiveLayer } from '../live/live-layer.ts';
import { HubMetrics } from '../metrics/hub-metrics.ts';
import { DEFAULT_LIVE } from '../options.ts';
import { PlainFeeds, type PlainReader } from './plain-feed.ts';

class Reader implements PlainReader {
  readonly told: Record<string, unknown>[] = [];
  full: boolean = false;
  missed: boolean = false;

  read(text: string | undefined): void {
    if (text === undefined) return;
    this.missed = this.full;
    if (!this.full)
      this.told.push((JSON.parse(text) as { values: Record<string, unknown> }).values);
  }
}

test('a reader that fell behind hears what ended meanwhile, and nobody hears it twice', () => {
  const clock = new FakeClock();
  const store = openMemoryStore({ clock });
  const live = new LiveLayer({
    clock,
    timing: DEFAULT_LIVE,
    metrics: new HubMetrics(),
    queryable: store,
    historySamplesMax: 1,
  });
  const feeds = new PlainFeeds({
    clock,
    live,
    intervalMs: 1_000,
    overview: () => ({ hosts: [], health: [] }),
  });
  const { registry } = live;
  for (const [ref, k] of ['1', '2', '3'].entries())
    registry.register(ref, LabelSet.from({ __name__: 'a', k }));
  const tell = (...values: number[]): void => {
    for (const [ref, value] of values.entries())
      registry.observe(clock.nowMs(), [ref], Float64Array.of(value));
  };
  tell(1, 1, 1);
  const slow = new Reader();
  const fast = new Reader();
  const ends = [slow, fast].map((reader) => feeds.follow(reader, live.selection('a')));
  slow.full = true;
  clock.advance(999);
  tell(2, STALE_NAN, STALE_NAN);
  clock.advance(1_000);
  // One of the two comes back before the slow reader hears anything.
  tell(2, 3);
  clock.advance(1_000);
  slow.full = false;
  clock.advance(1_000);
  tell(4, 3);
  clock.advance(1_000);
  const all = { 'a{k="1"}': 1, 'a{k="2"}': 1, 'a{k="3"}': 1 };
  expect(slow.told).toEqual([
    all,
    { 'a{k="1"}': 2, 'a{k="2"}': 3, 'a{k="3"}': null },
    { 'a{k="1"}': 4 },
  ]);
  expect(fast.told).toEqual([
    all,
    { 'a{k="1"}': 2, 'a{k="2"}': null, 'a{k="3"}': null },
    { 'a{k="2"}': 3 },
    { 'a{k="1"}': 4 },
  ]);
  for (const end of ends) end();
  feeds.close();
  live.close();
  void store.close();
});
