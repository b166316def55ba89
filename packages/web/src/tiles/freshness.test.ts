import { expect, test } from 'vitest';
import { streamOf } from '../simulation/stream-of.ts';
import { freshnessOf } from './freshness.ts';

test('a stream is stale after three intervals without a value', () => {
  const stream = streamOf([{ __name__: 'm' }, 10_000, 1]);
  expect(freshnessOf(stream, 10_700, 1_000)).toEqual({ state: 'fresh', ageMs: 700 });
  expect(freshnessOf(stream, 13_400, 1_000).state).toBe('fresh');
  expect(freshnessOf(stream, 13_600, 1_000).state).toBe('stale');
  expect(freshnessOf(stream, 13_600, 2_000).state).toBe('fresh');
});

test('a clock that is a little behind makes no negative age', () => {
  expect(freshnessOf(streamOf([{ __name__: 'm' }, 10_000, 1]), 9_990, 1_000).ageMs).toBe(0);
});

test('before the first value a stream loads; refused, it failed', () => {
  const stream = streamOf();
  expect(freshnessOf(stream, 0, 1_000).state).toBe('loading');
  stream.fail({ code: 'forbidden', message: 'no' });
  expect(freshnessOf(stream, 0, 1_000).state).toBe('failed');
});

test('what comes seldom is not stale soon, but an outage is no pace', () => {
  const seldom = streamOf([{ __name__: 'm' }, 0, 1, 8_000, 1, 16_000, 1]);
  expect(freshnessOf(seldom, 40_000, 2_000).state).toBe('fresh');
  expect(freshnessOf(seldom, 41_000, 2_000).state).toBe('stale');
  const outage = streamOf([{ __name__: 'm' }, 0, 1, 1_000, 1, 61_000, 1]);
  expect(freshnessOf(outage, 65_000, 1_000).state).toBe('stale');
});
