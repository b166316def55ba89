import { expect, test } from 'vitest';
import { conditionTexts, type ConditionId, type HealthLanguage } from './condition-texts.ts';
import { describeCondition } from './describe-condition.ts';
import { formatMeasure } from './measure.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const languages: readonly HealthLanguage[] = ['en', 'zh-CN'];

test('a summary carries the value and what it belongs to, in both languages', () => {
  const facts = {
    condition: 'disk-full',
    labels: { instance: 'web-1', mountpoint: '/var' },
    value: 0.0731,
    unit: 'ratio',
  };
  expect(describeCondition(facts, 'en', NOW_MS).summary).toBe('/var on web-1 has 7.3 % free.');
  expect(describeCondition(facts, 'zh-CN', NOW_MS).summary).toBe(
    'web-1 的 /var 只剩 7.3 % 可用空间。',
  );
});

test('an expectation is told as the time that is left', () => {
  const facts = {
    condition: 'disk-filling',
    labels: { instance: 'web-1', mountpoint: '/' },
    value: 5e9,
    unit: 'bytes',
    expectedMs: NOW_MS + 5 * 3_600_000,
  };
  expect(describeCondition(facts, 'en', NOW_MS).summary).toContain('in about 5 h');
  expect(describeCondition(facts, 'zh-CN', NOW_MS).summary).toContain('大约 5 小时后');
});

test('a rule without texts is told by its name', () => {
  const facts = { condition: 'MyRule', labels: {}, value: 3, unit: 'count' };
  expect(describeCondition(facts, 'en', NOW_MS)).toMatchObject({
    title: 'MyRule',
    summary: 'MyRule: 3',
  });
});

const labels = { instance: 'i', mountpoint: '/', device: 'eth0', sensor: 'cpu' };

test.each(Object.keys(conditionTexts) as ConditionId[])(
  '%s is complete in every language',
  (id) => {
    for (const language of languages) {
      const facts = { condition: id, labels, value: 1, unit: 'ratio', expectedMs: NOW_MS };
      const texts = describeCondition(facts, language, NOW_MS);
      for (const text of Object.values(texts)) {
        expect(text).not.toBe('');
        expect(text).not.toMatch(/[?{}]/);
      }
    }
  },
);

test.each([
  [0.931, 'ratio', '93 %'],
  [0.0049, 'ratio', '0.49 %'],
  [1.5 * 1_024 ** 3, 'bytes', '1.5 GiB'],
  [0.0125, 'seconds', '13 ms'],
  [0, 'seconds', '0 ms'],
  [90, 'seconds', '1.5 min'],
  [92.4, 'celsius', '92 °C'],
  [2.345, 'per_second', '2.3'],
  [NaN, 'ratio', '?'],
])('%d %s reads %s', (value, unit, text) => {
  expect(formatMeasure(value, unit, 'en')).toBe(text);
});
