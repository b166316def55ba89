import { LabelSet } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { expect, test } from 'vitest';
import { HubMetrics } from '../metrics/hub-metrics.ts';
import { Flusher } from './flusher.ts';
import type { ChannelContract } from './live-source.ts';
import { Selection } from './selection.ts';
import { SeriesRegistry } from './series-registry.ts';

const every = { minIntervalMs: 0, digits: null, deadband: null };

/** When a watcher of the contract is told of samples that come at the given times, ms from the start. */
function told(contract: ChannelContract, samplesMs: readonly number[]): string[] {
  const clock = new FakeClock();
  const registry = new SeriesRegistry(clock, 300_000);
  const flusher = new Flusher(clock, 20, new HubMetrics());
  const selection = new Selection('a', [], registry, {
    dirty: (channel) => flusher.dirty(channel),
    used: () => undefined,
    unused: () => undefined,
  });
  registry.register(0, LabelSet.from({ __name__: 'a' }));
  const flushes: string[] = [];
  selection.channel(contract).add({
    congested: false,
    deliver: ({ samples }) => flushes.push(`${clock.monotonicMs()}: ${samples}`),
    park: () => undefined,
    joined: () => undefined,
    left: () => undefined,
    failed: () => undefined,
    regranted: () => undefined,
  });
  for (let ms = 0; ms <= 1_000; ms++) {
    if (samplesMs.includes(ms)) registry.observe(clock.nowMs(), [0], Float64Array.of(ms));
    clock.advance(ms === 1_000 ? 1_000 : 1);
  }
  flusher.close();
  expect(clock.pending).toBe(0);
  return flushes;
}

test('a quiet channel tells at once, then collects for a window', () => {
  expect(told(every, [100, 105, 110, 119, 500])).toEqual(['100: 1', '120: 3', '500: 1']);
});

test('a contract with an interval keeps it and tells the newest', () => {
  const contract = { ...every, minIntervalMs: 200 };
  expect(told(contract, [10, 50, 100, 150, 220])).toEqual(['10: 1', '210: 1', '410: 1']);
});
