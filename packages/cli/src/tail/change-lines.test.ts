import type { LiveSeries, SubscriptionEvent } from '@nowcast/client';
import { LabelSet, STALE_NAN } from '@nowcast/model';
import { expect, it } from 'vitest';
import { formatEvent } from './change-lines.ts';

const series: LiveSeries = {
  labels: LabelSet.from({ __name__: 'm', text: 'a\nb' }),
  lastMs: 0,
  lastValue: 0,
};

function samples(
  ...values: readonly (readonly [value: number, changed: boolean])[]
): SubscriptionEvent {
  return {
    type: 'samples',
    batch: {
      history: false,
      forEach(visit) {
        for (const [value, changed] of values) visit(series, 1_000, value, changed);
      },
      forEachChanged: () => undefined,
    },
  };
}

it('is one line a change', () => {
  const event = samples([1.5, true], [1.5, false], [STALE_NAN, true]);
  expect(formatEvent(event, { json: false, all: false })).toBe(
    '1970-01-01T00:00:01.000Z  m{text="a\\nb"}  1.5\n1970-01-01T00:00:01.000Z  m{text="a\\nb"}  ended\n',
  );
  expect(formatEvent(event, { json: false, all: true }).split('\n')).toHaveLength(4);
});

it('is one JSON object a line, with values that JSON has no number for as text', () => {
  const lines = formatEvent(samples([NaN, true], [2, true]), { json: true, all: false });
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    {
      timeMs: 1_000,
      time: '1970-01-01T00:00:01.000Z',
      labels: { __name__: 'm', text: 'a\nb' },
      value: 'NaN',
    },
    {
      timeMs: 1_000,
      time: '1970-01-01T00:00:01.000Z',
      labels: { __name__: 'm', text: 'a\nb' },
      value: 2,
    },
  ]);
});

it('says nothing of anything else', () => {
  expect(formatEvent({ type: 'live' }, { json: true, all: true })).toBe('');
});
