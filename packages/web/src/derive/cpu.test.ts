import { expect, test } from 'vitest';
import { streamOf, type GivenSeries } from '../simulation/stream-of.ts';
import { coreHeat, cpuBusy, cpuModes } from './cpu.ts';
import { lastOfLine } from './present.ts';

/** A second in which the core spent these shares. */
function core(cpu: string, shares: Readonly<Record<string, number>>): GivenSeries[] {
  return Object.entries(shares).map(([mode, share]) => [
    { __name__: 'node_cpu_seconds_total', cpu, mode },
    0,
    100,
    1_000,
    100 + share,
  ]);
}

test('modes are shares of all processor time, and guests are not counted twice', () => {
  const stream = streamOf(
    ...core('0', { user: 0.5, nice: 0.1, system: 0.2, idle: 0.2, guest: 0.5 }),
    ...core('1', { user: 0, nice: 0, system: 0, idle: 0.9, iowait: 0.1 }),
  );
  const modes = cpuModes(stream, 0);
  expect(lastOfLine(modes, 'user')).toBeCloseTo(0.3);
  expect(lastOfLine(modes, 'system')).toBeCloseTo(0.1);
  expect(lastOfLine(modes, 'iowait')).toBeCloseTo(0.05);
  expect(lastOfLine(modes, 'steal')).toBe(0);
  expect(cpuBusy(modes)[0]).toBeCloseTo(0.4);
});

test('a core waiting for a disk is not busy; cores are in the order of their numbers', () => {
  const stream = streamOf(
    ...core('10', { user: 0.25, idle: 0.75 }),
    ...core('2', { user: 0.5, iowait: 0.5, idle: 0 }),
  );
  const { cores } = coreHeat(stream, 0);
  expect(cores.map(({ cpu }) => cpu)).toEqual(['2', '10']);
  expect(cores[0]?.busy[0]).toBeCloseTo(0.5);
  expect(cores[1]?.busy[0]).toBeCloseTo(0.25);
});

test('nothing is made up where nothing was measured', () => {
  expect(cpuModes(streamOf(), 0).lines).toEqual([]);
  expect(coreHeat(streamOf(), 0).cores).toEqual([]);
});
