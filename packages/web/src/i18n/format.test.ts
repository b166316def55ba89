import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFormat, UNKNOWN, type Unit } from './format.ts';

const en = createFormat('en-US');
const zh = createFormat('zh-CN');
/** Spaces that do not break, as plain ones. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');

test.each([
  [0.1234, 'ratio', '12%'],
  [0.0499, 'ratio', '5.0%'],
  [1, 'ratio', '100%'],
  [0, 'bytes', '0 B'],
  [999, 'bytes', '999 B'],
  [1000, 'bytes', '0.98 KiB'],
  [1024 ** 3 * 15.64, 'bytes', '15.6 GiB'],
  [1536, 'bytes_per_second', '1.50 KiB/s'],
  [123_456, 'count', '123.5K'],
  [4, 'load', '4.00'],
  [12.345, 'per_second', '12.3/s'],
  [51.25, 'celsius', '51.3 °C'],
  [0.000_048, 'seconds', '48 µs'],
  [0.001_4, 'seconds', '1.40 ms'],
  [0, 'seconds', '0 s'],
  [1200, 'rpm', '1,200 rpm'],
  [NaN, 'bytes', UNKNOWN],
  [Infinity, 'ratio', UNKNOWN],
] as const)('%d %s reads %s', (value, unit, text) => {
  expect(plain(en.text(value, unit))).toBe(text);
});

test('numbers follow the language', () => {
  expect(zh.text(123_456, 'count')).toBe('12.3万');
  expect(createFormat('de').text(0.0499, 'ratio')).toBe('5,0%');
});

test('no byte count needs four digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e17, noNaN: true }), (value) => {
      expect(en.quantity(value, 'bytes').number.replaceAll(/\D/g, '').length).toBeLessThanOrEqual(
        3,
      );
    }),
  );
});

describe('duration', () => {
  test.each([
    [0, '0 sec'],
    [59.6, '1 min'],
    [125, '2 min 5 sec'],
    [3_600, '1 hr'],
    [90_061, '1 day 1 hr'],
    [NaN, UNKNOWN],
  ])('%d s reads %s', (seconds, text) => {
    expect(plain(en.duration(seconds))).toBe(text);
  });

  test('follows the language', () => {
    expect(plain(zh.duration(7_500))).toBe('2小时 5分钟');
  });
});

test('ages are exact while they are young', () => {
  expect([420, 9_940, 12_300, 200_000].map((ms) => plain(en.age(ms)))).toEqual([
    '0.4 s',
    '9.9 s',
    '12 s',
    '3 min',
  ]);
  expect(plain(en.age(-30))).toBe('0.0 s');
});

test('an axis says no more than it must', () => {
  const ticks: readonly (readonly [number, Unit])[] = [
    [0, 'bytes'],
    [0.25, 'ratio'],
    [8 * 1024 ** 3, 'bytes'],
    [20, 'celsius'],
    [1500, 'count'],
  ];
  expect(ticks.map(([value, unit]) => plain(en.axis(value, unit)))).toEqual([
    '0',
    '25%',
    '8 GiB',
    '20°',
    '1.5K',
  ]);
});

test('times are told as the reader tells them', () => {
  const timeMs = new Date(2026, 0, 2, 15, 4, 5).getTime();
  expect(plain(en.clock(timeMs))).toBe('3:04:05 PM');
  expect(zh.clock(timeMs)).toBe('15:04:05');
  expect(zh.minute(timeMs)).toBe('15:04');
  expect(zh.dateTime(timeMs)).toContain('2026');
});
