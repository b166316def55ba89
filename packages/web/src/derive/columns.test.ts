import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../state/sample-column.ts';
import { alignTo, combine, extentOf, gridOf, lastOf, rateOf, sumAt } from './columns.ts';

function column(...samples: readonly number[]): Column {
  return {
    timesMs: Float64Array.from(samples.filter((_, at) => at % 2 === 0)),
    values: Float64Array.from(samples.filter((_, at) => at % 2 === 1)),
  };
}

describe('rateOf', () => {
  test('is the increase per second at the later sample', () => {
    const rate = rateOf(column(1_000, 10, 2_000, 15, 4_000, 25));
    expect([...rate.timesMs]).toEqual([2_000, 4_000]);
    expect([...rate.values]).toEqual([5, 5]);
  });

  test('a counter that starts again counts from zero', () => {
    expect([...rateOf(column(0, 900, 1_000, 4)).values]).toEqual([4]);
  });

  test('a counter that slips back a little stands still', () => {
    expect([...rateOf(column(0, 100.02, 1_000, 100.01)).values]).toEqual([0]);
  });

  test('needs two samples', () => {
    expect(rateOf(column()).values).toHaveLength(0);
    expect(rateOf(column(0, 1)).values).toHaveLength(0);
  });

  test('is never negative, whatever a counter does', () => {
    const counts = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(counts, (values) => {
        const given = column(...values.flatMap((value, at) => [at * 1000, value]));
        for (const rate of rateOf(given).values) expect(rate).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('alignTo', () => {
  const grid = Float64Array.of(1_000, 2_000, 3_000);

  test('takes the newest value not after the moment', () => {
    expect([...alignTo(grid, column(900, 1, 1_900, 2, 3_000, 3))]).toEqual([1, 2, 3]);
  });

  test('does not let an old value speak', () => {
    expect([...alignTo(grid, column(900, 1), 1_500)]).toEqual([1, 1, NaN]);
  });

  test('knows nothing before the first sample', () => {
    expect([...alignTo(grid, column(2_500, 7))]).toEqual([NaN, NaN, 7]);
  });

  test('shares the values when the times are the same', () => {
    const given = column(1_000, 1, 2_000, 2, 3_000, 3);
    expect(alignTo(grid, given)).toBe(given.values);
  });
});

test('gridOf takes the column that says most, and of equals the newest', () => {
  const long = column(1, 0, 2, 0, 3, 0);
  const newer = column(2, 0, 3, 0, 4, 0);
  expect(gridOf([column(9, 0), long, newer])).toBe(newer.timesMs);
  expect(gridOf([])).toHaveLength(0);
});

test('sumAt leaves out what is not known and is unknown when nothing is', () => {
  const grid = Float64Array.of(0, 10_000);
  expect([...sumAt(grid, [column(0, 1, 10_000, 2), column(10_000, 5)])]).toEqual([1, 7]);
  expect([...sumAt(grid, [column(5_000, 1)])]).toEqual([NaN, NaN]);
});

test('combine works place by place', () => {
  const sum = combine([Float64Array.of(1, 2), Float64Array.of(3, NaN)], (a, b) => a + b);
  expect([...sum]).toEqual([4, NaN]);
  expect(combine([], () => 1)).toHaveLength(0);
});

test('lastOf and extentOf pass over what is not known', () => {
  const values = Float64Array.of(NaN, 3, -1, NaN);
  expect(lastOf(values)).toBe(-1);
  expect(extentOf(values)).toEqual({ min: -1, max: 3 });
  expect(lastOf(Float64Array.of(NaN))).toBeNaN();
  expect(extentOf(new Float64Array(0))).toEqual({ min: NaN, max: NaN });
});
