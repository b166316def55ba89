import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SampleColumn } from './sample-column.ts';

function contents(column: SampleColumn): (readonly [number, number])[] {
  const { timesMs, values } = column.all();
  return [...timesMs].map((timeMs, at) => [timeMs, values[at] as number]);
}

test('holds what a sorted list of the newest would, in whatever order samples come', () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer()), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(samples, fc.integer({ min: 2, max: 20 }), (pushed, capacity) => {
      const column = new SampleColumn(capacity);
      let expected: [number, number][] = [];
      for (const [timeMs, value] of pushed) {
        column.push(timeMs, value);
        expected = [...expected.filter(([known]) => known !== timeMs), [timeMs, value]];
        expected = expected.sort(([a], [b]) => a - b).slice(-capacity);
      }
      expect(contents(column)).toEqual(expected);
      expect(column.size).toBe(expected.length);
      expect(column.last).toEqual(expected.at(-1)?.[1] ?? NaN);
    }),
  );
});

test('since takes one sample more, for a rate to start from', () => {
  const column = new SampleColumn(10);
  for (let timeMs = 0; timeMs < 5; timeMs++) column.push(timeMs, timeMs);
  expect([...column.since(3).timesMs]).toEqual([2, 3, 4]);
  expect([...column.since(-1).timesMs]).toEqual([0, 1, 2, 3, 4]);
  expect([...column.since(99).timesMs]).toEqual([4]);
});

test('an empty column has no newest sample', () => {
  const column = new SampleColumn(4);
  expect(column.lastMs).toBe(-Infinity);
  expect(column.last).toBeNaN();
  expect(column.since(0).timesMs).toHaveLength(0);
});

test('refuses a capacity that cannot hold a rate', () => {
  expect(() => new SampleColumn(1)).toThrow(RangeError);
});
