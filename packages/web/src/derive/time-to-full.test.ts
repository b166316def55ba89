import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../state/sample-column.ts';
import { timeToFull } from './time-to-full.ts';

/** Space left at each second. */
function course(seconds: number, left: (second: number) => number): Column {
  const at = Array.from({ length: seconds }, (_, second) => second);
  return {
    timesMs: Float64Array.from(at, (second) => second * 1000),
    values: Float64Array.from(at, left),
  };
}

test('a steady pace gives its end', () => {
  const full = timeToFull(course(301, (second) => 1e9 - second * 1e6));
  expect(full?.likelySeconds).toBeCloseTo(700, 0);
  expect(full?.earliestSeconds).toBeCloseTo(700, 0);
  expect(full?.latestSeconds).toBeCloseTo(700, 0);
});

test('an unsteady pace gives a range around the likely end', () => {
  const full = timeToFull(
    course(600, (second) => 1e9 - second * 1e6 + 4e7 * Math.sin(second / 20)),
  );
  expect(full).toBeDefined();
  expect(full!.earliestSeconds).toBeLessThan(full!.likelySeconds);
  expect(full!.latestSeconds).toBeGreaterThan(full!.likelySeconds);
});

test('one burst of writing is not a trend', () => {
  expect(timeToFull(course(600, (second) => (second < 500 ? 1e9 : 4e8)))).toBeUndefined();
});

test('a disk that stays as it is, or empties, does not fill', () => {
  expect(timeToFull(course(600, () => 1e9))).toBeUndefined();
  expect(timeToFull(course(600, (second) => 1e9 + second))).toBeUndefined();
});

test('too little past, or an end beyond a month, is not foretold', () => {
  expect(timeToFull(course(30, (second) => 1e9 - second * 1e6))).toBeUndefined();
  expect(timeToFull(course(600, (second) => 1e12 - second))).toBeUndefined();
});

test('the likely end lies between the earliest and the latest', () => {
  const paces = fc.array(fc.integer({ min: -1_000_000, max: 5_000_000 }), {
    minLength: 90,
    maxLength: 300,
  });
  fc.assert(
    fc.property(paces, (written) => {
      let left = 1e11;
      const full = timeToFull(course(written.length, (second) => (left -= written[second] ?? 0)));
      if (full === undefined) return;
      expect(full.earliestSeconds).toBeLessThanOrEqual(full.likelySeconds);
      expect(full.latestSeconds).toBeGreaterThanOrEqual(full.likelySeconds);
    }),
  );
});
