import type { LiveAlert } from '@nowcast/client';
import { FakeClock } from '@nowcast/std/testing';
import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { cpuBusy, cpuModes } from '../derive/cpu.ts';
import { lastOf } from '../derive/columns.ts';
import { SimulatedSource } from '../simulation/simulated-source.ts';
import { Overview } from './overview.ts';

const HISTORY_MS = 120_000;

function open(hosts = 1) {
  const clock = new FakeClock();
  const source = new SimulatedSource({ clock, hosts, historyMs: HISTORY_MS });
  const frames: (() => void)[] = [];
  const overview = new Overview({
    source,
    clock,
    requestFrame: (callback) => frames.push(callback),
    windowMinutes: signal(1),
    chosenHost: signal(''),
  });
  /** Lets time pass as a browser would: timers, then a frame. */
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 500) {
      clock.advance(Math.min(500, left));
      for (const frame of frames.splice(0)) frame();
    }
  };
  pass(500);
  pass(500);
  return { clock, source, overview, frames, pass };
}

test('opens the first host with its past and follows it', () => {
  const { overview, clock, pass } = open();
  const view = overview.view.value;
  expect(view?.instance).toBe('atlas:9100');
  const cpu = view!.stream('cpu');
  expect(cpu.metric('node_cpu_seconds_total')[0]?.samples.size).toBeGreaterThan(55);
  pass(5_000);
  expect(clock.nowMs() - view!.newestMs).toBeLessThanOrEqual(1_000);
  const busy = lastOf(cpuBusy(cpuModes(cpu, 0)));
  expect(busy).toBeGreaterThan(0);
  expect(busy).toBeLessThan(1);
});

test('keeps the host that was chosen, and falls back when there is none of that name', () => {
  const { overview, pass } = open(3);
  expect(overview.hosts.value.map(({ name }) => name)).toEqual(['atlas', 'boreas', 'castor']);
  overview.chosenHost.value = 'castor:9100';
  expect(overview.view.value?.instance).toBe('castor:9100');
  overview.chosenHost.value = 'nobody';
  pass(1_000);
  expect(overview.view.value?.instance).toBe('atlas:9100');
});

test('what was missed while the connection was lost is there afterwards, without a hole', () => {
  const { overview, source, pass } = open();
  source.disconnect('restart', 8_000);
  expect(overview.link.value).toMatchObject({ phase: 'waiting', reason: 'restart' });
  const before = overview.view.value!.newestMs;
  pass(6_000);
  expect(overview.view.value!.newestMs).toBe(before);
  pass(4_000);
  expect(overview.link.value.phase).toBe('live');
  const { timesMs } = overview.view.value!.stream('load').metric('node_load1')[0]!.samples.all();
  for (let at = 1; at < timesMs.length; at++) expect(timesMs[at]! - timesMs[at - 1]!).toBe(1_000);
  expect(timesMs.at(-1)).toBeGreaterThan(before + 6_000);
});

test('a page nobody sees is told nothing and asks for no frame', () => {
  const { overview, frames, pass } = open();
  overview.setVisible(false);
  pass(1_000);
  const before = overview.view.value!.newestMs;
  pass(5_000);
  expect(overview.view.value!.newestMs).toBe(before);
  expect(frames).toEqual([]);
  overview.setVisible(true);
  expect(overview.view.value!.newestMs).toBeGreaterThan(before);
});

test('an alert that ends stays in sight for a while', () => {
  const { overview, source, clock } = open();
  const alert: LiveAlert = {
    id: 'a',
    condition: 'cpu-saturation',
    severity: 'warning',
    state: 'firing',
    labels: { instance: 'atlas:9100' },
    value: 0.95,
    unit: 'ratio',
    sinceMs: clock.nowMs(),
    updatedMs: clock.nowMs(),
  };
  expect(overview.health.value).toEqual({ current: [], over: [] });
  source.setAlert(alert);
  expect(overview.health.value?.current).toEqual([alert]);
  source.setAlert({ ...alert, state: 'resolved', sinceMs: clock.nowMs() });
  expect(overview.health.value?.current).toEqual([]);
  expect(overview.health.value?.over).toHaveLength(1);
  source.setAlert(alert);
  expect(overview.health.value?.over).toEqual([]);
});
