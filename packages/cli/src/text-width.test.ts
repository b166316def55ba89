import { expect, it } from 'vitest';
import { padEnd, padStart, printable, truncate, widthOf } from './text-width.ts';

it.each([
  ['node', 4],
  ['心跳', 4],
  ['温度°C', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['😀', 2],
])('%s is %i columns wide', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

it('pads by columns, not by characters', () => {
  expect([padEnd('数据', 6), padStart('数据', 6), padEnd('data', 2)]).toEqual([
    '数据  ',
    '  数据',
    'data',
  ]);
});

it.each([
  ['node_load1', 10, 'node_load1'],
  ['node_load1', 5, 'node…'],
  ['数据数据', 5, '数据…'],
  ['数据数据', 4, '数…'],
])('%s in %i columns is %s', (text, width, expected) => {
  expect(truncate(text, width)).toBe(expected);
  expect(widthOf(expected)).toBeLessThanOrEqual(width);
});

it('shows control characters instead of sending them to the terminal', () => {
  expect(printable('a\u001B[2Jb\nc')).toBe('a\uFFFD[2Jb\uFFFDc');
});
