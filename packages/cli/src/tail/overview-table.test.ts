import type { PlainOverview } from '@nowcast/protocol';
import { expect, it } from 'vitest';
import { styleFor } from '../text-style.ts';
import { renderOverview } from './overview-table.ts';

const OVERVIEW: PlainOverview = {
  type: 'overview',
  time: '2026-01-01T00:00:00.000Z',
  timeMs: 0,
  hosts: [
    { instance: 'a', ageMs: 200, cpuPercent: 7.25, load1: 0.5, memoryPercent: 96, diskPercent: 81 },
    { instance: 'web-1', ageMs: 61_000, load1: 12 },
  ],
  health: [],
};

it('has a row a host and only the columns that somebody fills', () => {
  expect(renderOverview(OVERVIEW, 100, styleFor({}, {}))).toEqual([
    'HOST     CPU   LOAD  MEMORY    DISK   AGE',
    'a      7.3 %   0.50  96.0 %  81.0 %  0.2s',
    'web-1         12.00                   61s',
    '',
    '✓ all is well',
  ]);
});

it('gives up columns at the right where the terminal is narrow', () => {
  expect(renderOverview(OVERVIEW, 20, styleFor({}, {}))[0]).toBe('HOST     CPU   LOAD');
});

it('tells what is wrong, and colours what is high', () => {
  const style = styleFor({}, { FORCE_COLOR: '1' });
  const lines = renderOverview({ ...OVERVIEW, health: ['disk full\u0007'] }, 100, style);
  expect(lines.at(-1)).toBe(style.yellow('! disk full\uFFFD'));
  expect(lines[1]).toContain(style.red('96.0 %'));
  expect(lines[1]).toContain(style.yellow('81.0 %'));
});
