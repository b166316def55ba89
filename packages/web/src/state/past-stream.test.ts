import { expect, test } from 'vitest';
import { streamOf } from '../simulation/stream-of.ts';
import { pastQueries, rangeOf, readMatrix, stepOf } from './past-query.ts';
import { PastStream } from './past-stream.ts';
import { WINDOW_CHOICES } from './preferences.ts';

const METRICS = { counters: ['c_total'], gauges: ['g'] };
const STEP = 15_000;

function pointsOf(past: PastStream, metric: string): (readonly [number, number])[] {
  return past.metric(metric).flatMap(({ samples }) => {
    const { timesMs, values } = samples.all();
    return Array.from(timesMs, (timeMs, at) => [timeMs, values[at] as number] as const);
  });
}

test('continues what the store knows with live samples, step by step', () => {
  const live = streamOf(
    [{ __name__: 'g' }, 25_000, 1, 31_000, 2, 40_000, 4, 44_000, 6],
    [{ __name__: 'c_total' }, 25_000, 10, 31_000, 20, 40_000, 30, 44_000, 40],
  );
  const past = new PastStream(live, METRICS, STEP);
  past.follow();
  expect(past.metric('g')).toEqual([]);
  past.replace([
    { labels: { __name__: 'g' }, timesMs: [15_000, 30_000], values: [0.5, 1.5] },
    { labels: { __name__: 'c_total' }, timesMs: [15_000, 30_000], values: [5, 15] },
  ]);
  past.follow();
  expect(pointsOf(past, 'g')).toEqual([
    [15_000, 0.5],
    [30_000, 1.5],
    [44_000, 4],
  ]);
  expect(pointsOf(past, 'c_total').at(-1)).toEqual([44_000, 40]);
  live.sample(0, 45_000, 8);
  live.sample(0, 46_000, 100);
  past.follow();
  expect(pointsOf(past, 'g').slice(2)).toEqual([
    [45_000, 5],
    [46_000, 100],
  ]);
  expect(past.takeIncomplete()).toBe(false);
});

test('asks again when a step ended that live samples know only a part of, and leaves gaps as they are', () => {
  const live = streamOf([{ __name__: 'g' }, 100_000, 1]);
  const past = new PastStream(live, METRICS, STEP);
  past.replace([{ labels: { __name__: 'g' }, timesMs: [30_000], values: [1] }]);
  past.follow();
  expect(past.takeIncomplete()).toBe(false);
  live.sample(0, 106_000, 3);
  past.follow();
  expect(past.takeIncomplete()).toBe(true);
  expect(past.takeIncomplete()).toBe(false);
  expect(pointsOf(past, 'g').map(([timeMs]) => timeMs)).toEqual([30_000, 105_000, 106_000]);
});

test('asks for few points whatever the range', () => {
  for (const minutes of WINDOW_CHOICES) {
    const stepMs = stepOf(minutes);
    if (minutes <= 15) expect(stepMs).toBeUndefined();
    else expect((minutes * 60_000) / (stepMs as number)).toBeLessThanOrEqual(360);
  }
  expect(rangeOf('q', STEP, { nowMs: 100_000, windowMs: 60_000 })).toEqual({
    query: 'q',
    startMs: 15_000,
    endMs: 90_000,
    stepMs: STEP,
  });
  expect(pastQueries({ counters: ['a_total'], gauges: ['b', 'c'] }, 'h"1', STEP)).toEqual([
    'last_over_time({__name__="a_total", instance="h\\"1"}[15000ms])',
    'label_replace(avg_over_time({__name__="b", instance="h\\"1"}[15000ms]), "of_metric", "b", "", "") or ' +
      'label_replace(avg_over_time({__name__="c", instance="h\\"1"}[15000ms]), "of_metric", "c", "", "")',
  ]);
});

test('reads the answer, and says what the hub says', () => {
  const result = [{ metric: { of_metric: 'g', job: 'a' }, values: [[1.5, '2'] as const] }];
  expect(readMatrix({ status: 'success', data: { result } })).toEqual([
    { labels: { __name__: 'g', job: 'a' }, timesMs: [1_500], values: [2] },
  ]);
  expect(() => readMatrix({ status: 'error', error: 'too many samples' })).toThrow('too many');
});
