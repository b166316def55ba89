import { FakeClock } from '@nowcast/std/testing';
import { CodedError } from '@nowcast/model';
import { expect, test } from 'vitest';
import type { CollectorModule } from './collector.ts';
import { Sampler } from './sampler.ts';
import { gauge } from './series-group.ts';
import { Follower } from './testing/snapshot.ts';

const START_MS = Date.UTC(2026, 0, 1) + 250;

function counting(overrides: Partial<CollectorModule> = {}): CollectorModule & { passes: number } {
  const module = {
    name: 'counting',
    passes: 0,
    create: (_host: unknown, series: Parameters<CollectorModule['create']>[1]) => {
      const slot = series.define(gauge('node_passes', ''));
      return { collect: () => series.set(slot, ++module.passes) };
    },
    ...overrides,
  };
  return module;
}

function start(collectors: readonly CollectorModule[], intervalMs = 1000) {
  const clock = new FakeClock(START_MS);
  const sink = new Follower();
  const lines: string[] = [];
  const log = {
    info: (line: string) => lines.push(line),
    warn: (line: string) => lines.push(line),
  };
  const sampler = new Sampler({ clock, sink, collectors, intervalMs, log });
  sampler.start();
  return { clock, sink, sampler, lines, times: () => sink.batches.map((batch) => batch.timeMs) };
}

test('ticks fall on whole seconds', () => {
  const { clock, times } = start([counting()]);
  clock.advance(3000);
  const first = START_MS - 250;
  expect(times()).toEqual([first, first + 1000, first + 2000, first + 3000]);
});

test('missed ticks are left out, never piled up', () => {
  const { clock, times } = start([counting()]);
  // The machine slept: the wall clock went on, the timer did not.
  clock.setWall(START_MS + 10_400);
  clock.advance(750);
  expect(times()).toHaveLength(2);
  expect(times()[1]).toBe(START_MS - 250 + 11_000);
});

test('a clock set back does not stop the samples', () => {
  const { clock, times } = start([counting()]);
  clock.advance(2000);
  clock.setWall(START_MS - 3_600_000);
  clock.advance(2000);
  expect(times().slice(-2)).toEqual([
    START_MS - 3_600_000 - 250 + 1000,
    START_MS - 3_600_000 - 250 + 2000,
  ]);
});

test('the interval can be changed while it runs', () => {
  const { clock, times, sampler } = start([counting()]);
  sampler.setInterval(200);
  clock.advance(1000);
  expect(times()).toHaveLength(6);
  expect(sampler.intervalMs).toBe(200);
  sampler.setInterval(1);
  expect(sampler.intervalMs).toBe(100);
  sampler.stop();
  expect(clock.pending).toBe(0);
});

test('a paced collector rests between its passes, and its series live on', () => {
  const paced = counting({ everyMs: 3000 });
  const { clock, sink } = start([paced]);
  // Begun off the grid: due at 3.25 s and 6.25 s, taken on the ticks after.
  clock.advance(7000);
  expect(paced.passes).toBe(3);
  expect(sink.values().get('node_passes')).toBe(3);
});

test('a collector that fails is reported once, ends its series and leaves the others alone', () => {
  let broken = false;
  const module = counting();
  const failing: CollectorModule = {
    name: 'failing',
    create: (_host, series) => {
      const slot = series.define(gauge('node_fragile', ''));
      return {
        collect() {
          if (broken) throw new Error('EACCES: /proc/fragile');
          series.set(slot, 1);
        },
      };
    },
  };
  const { clock, sink, lines } = start([failing, module]);
  expect(sink.values().get('node_fragile')).toBe(1);
  broken = true;
  clock.advance(30_000);
  expect(sink.values().has('node_fragile')).toBe(false);
  expect(sink.values().get('node_scrape_collector_success{collector="failing"}')).toBe(0);
  expect(sink.values().get('node_scrape_collector_success{collector="counting"}')).toBe(1);
  expect(module.passes).toBe(31);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('EACCES');
  broken = false;
  clock.advance(10_000);
  expect(sink.values().get('node_fragile')).toBe(1);
  expect(lines).toHaveLength(2);
});

test('hardware that is not there makes no line', () => {
  const missing: CollectorModule = {
    name: 'missing',
    create: () => ({
      collect() {
        throw new CodedError('no-data', 'no such hardware');
      },
    }),
  };
  const { clock, lines, sink } = start([missing]);
  clock.advance(120_000);
  expect(lines).toEqual([]);
  expect(sink.values().get('node_scrape_collector_success{collector="missing"}')).toBe(0);
});
