import { expect, it } from 'vitest';
import { formatAge, formatNumber } from './number-text.ts';
import { sparkline } from './sparkline.ts';

it.each([
  [0, undefined, '0'],
  [1_234_567, undefined, '1234567'],
  [0.1 + 0.2, undefined, '0.3'],
  [12.345_678_9, undefined, '12.3457'],
  [1.5e-9, undefined, '1.5e-9'],
  [NaN, undefined, 'NaN'],
  [-Infinity, 'bytes', '-Inf'],
  [-0, undefined, '-0'],
  [1_023, 'bytes', '1023 B'],
  [1_024, 'bytes', '1.00 KiB'],
  [-3 * 1_024 ** 3, 'bytes', '-3.00 GiB'],
  [12.345_678, 'bytes', '12.3457 B'],
])('%d %s is %s', (value, unit, text) => {
  expect(formatNumber(value, unit)).toBe(text);
});

it.each([
  [-50, '0.0s'],
  [440, '0.4s'],
  [9_949, '9.9s'],
  [12_400, '12s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
])('%d ms ago is %s', (ageMs, text) => {
  expect(formatAge(ageMs)).toBe(text);
});

it.each([
  [[], 4, '    '],
  [[5, 5], 4, '  ▁▁'],
  [[0, 7, 14], 3, '▁▅█'],
  [[0, NaN, 1], 3, '▁ █'],
  [[9, 0, 1, 2], 3, '▁▅█'],
])('the shape of %j in %i is %s', (values, width, text) => {
  expect(sparkline(values, width)).toBe(text);
});
