import { expect, test } from 'vitest';
import { FillForecast } from './fill-forecast.ts';

const HISTORY_MS = 15 * 60_000;
const GB = 1e9;

/** Feeds a reading every 15 s; `available` in GB by minutes. */
function after(minutes: number, available: (minute: number) => number): number | undefined {
  const forecast = new FillForecast(HISTORY_MS);
  for (let second = 0; second <= minutes * 60; second += 15)
    forecast.add(second * 1_000, available(second / 60) * GB);
  const leftMs = forecast.msUntilFull();
  return leftMs === undefined ? undefined : leftMs / 60_000;
}

const noise = (minute: number): number => ((minute * 7919) % 1) * 0.2;

test('a steady fall is foretold, also through noise', () => {
  expect(after(30, (minute) => 100 - minute)).toBeCloseTo(70);
  expect(after(30, (minute) => 100 - minute + noise(minute))).toBeCloseTo(70, -1);
});

test.each([
  ['too little history', 14, (minute: number) => 100 - minute],
  ['nothing happens', 60, () => 100],
  ['it grows', 60, (minute: number) => 100 + minute],
  ['one dump, then nothing', 60, (minute: number) => (minute < 30 ? 100 : 60)],
  ['a burst at the beginning', 60, (minute: number) => 100 - Math.min(minute, 10) * 5],
  ['it comes and goes', 60, (minute: number) => 100 - (minute % 10)],
])('nothing is said when %s', (_, minutes, available) => {
  expect(after(minutes, available)).toBeUndefined();
});

test('a fall that has slowed down counts as it is now', () => {
  const left = after(60, (minute) => (minute < 40 ? 200 - 2 * minute : 120 - (minute - 40)));
  expect(left).toBeCloseTo(100);
});
