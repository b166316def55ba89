import type { LiveAlert } from '@nowcast/client';
import { expect, test } from 'vitest';
import { createFormat } from '../../i18n/format.ts';
import { healthGroups } from './health-order.ts';
import { describeAlert } from './health-text.ts';

const NOW_MS = 1_000_000;

function alert(change: Partial<LiveAlert>): LiveAlert {
  return {
    id: 'x',
    condition: 'disk-full',
    severity: 'warning',
    state: 'firing',
    labels: { instance: 'a', mountpoint: '/var' },
    value: 0.04,
    unit: 'ratio',
    sinceMs: 1,
    updatedMs: 2,
    ...change,
  };
}

test('the most urgent comes first, what is foretold apart, others’ alerts not at all', () => {
  const groups = healthGroups(
    {
      current: [
        alert({ id: 'old', sinceMs: 1 }),
        alert({ id: 'worst', severity: 'critical', sinceMs: 5 }),
        alert({ id: 'foretold', expectedMs: 9 }),
        alert({ id: 'building', state: 'pending' }),
        alert({ id: 'elsewhere', labels: { instance: 'b' } }),
        alert({ id: 'hub', labels: {}, sinceMs: 2 }),
      ],
      over: [alert({ id: 'done', state: 'resolved' })],
    },
    'a',
  );
  const ids = (list: readonly LiveAlert[]): readonly string[] => list.map(({ id }) => id);
  expect(ids(groups.now)).toEqual(['worst', 'old', 'hub']);
  expect(ids(groups.soon)).toEqual(['foretold', 'building']);
  expect(ids(groups.over)).toEqual(['done']);
});

test('texts follow the language, the figure is the value or the time that is left', () => {
  const en = { language: 'en', format: createFormat('en') } as const;
  const zh = { language: 'zh', format: createFormat('zh-CN') } as const;
  expect(describeAlert(alert({}), NOW_MS, en)).toMatchObject({
    title: 'Disk almost full',
    figure: '4.0%',
  });
  expect(describeAlert(alert({}), NOW_MS, zh).title).toBe('磁盘快满了');
  const filling = alert({ condition: 'disk-filling', expectedMs: NOW_MS + 7_200_000 });
  expect(describeAlert(filling, NOW_MS, en).figure).toBe('2 hr');
  const silent = alert({ condition: 'host-silent', value: 90, unit: 'seconds' });
  expect(describeAlert(silent, NOW_MS, en).figure).toBe('1 min 30 sec');
});
