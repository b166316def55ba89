import { STALE_NAN } from '@nowcast/model';
import { expect, test } from 'vitest';
import { Stream } from './stream.ts';

function open(): { stream: Stream; changes: () => number } {
  let count = 0;
  const stream = new Stream(16, () => count++);
  return { stream, changes: () => count };
}

test('goes from loading over history to live, and tells of every change', () => {
  const { stream, changes } = open();
  expect(stream.phase.value).toBe('loading');
  stream.join(0, { __name__: 'm', instance: 'a' });
  stream.sample(0, 1_000, 5);
  expect(stream.phase.value).toBe('history');
  stream.caughtUp();
  expect(stream.phase.value).toBe('live');
  expect(changes()).toBe(stream.version);
  expect(stream.latest('m', { instance: 'a' })).toBe(5);
  expect(stream.latest('m', { instance: 'b' })).toBeNaN();
});

test('puts series in the order people count', () => {
  const { stream } = open();
  for (const [ref, cpu] of ['10', '2', '1'].entries()) stream.join(ref, { __name__: 'm', cpu });
  expect(stream.metric('m').map(({ labels }) => labels.get('cpu'))).toEqual(['1', '2', '10']);
});

test('forgets a series that left, and samples of refs it does not know', () => {
  const { stream } = open();
  stream.join(0, { __name__: 'm' });
  stream.leave(0);
  stream.leave(0);
  stream.sample(0, 1, 1);
  expect(stream.metric('m')).toEqual([]);
  expect(stream.seriesCount).toBe(0);
});

test('a staleness marker is not a value', () => {
  const { stream } = open();
  stream.join(0, { __name__: 'm' });
  stream.sample(0, 1_000, 1);
  stream.sample(0, 2_000, STALE_NAN);
  expect(stream.newestMs).toBe(1_000);
  expect(stream.latest('m')).toBe(1);
});

test('a refused stream says why', () => {
  const { stream } = open();
  stream.fail({ code: 'forbidden', message: 'no' });
  expect(stream.phase.value).toBe('failed');
  expect(stream.failure.value).toEqual({ code: 'forbidden', message: 'no' });
});
