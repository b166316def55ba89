import { readdirSync, readFileSync } from 'node:fs';
import { CodedError } from '@nowcast/model';
import { describe, expect, test } from 'vitest';
import { readScript } from '../../test/script.ts';
import { extractSelectors } from '../ast/walk.ts';
import { formatExpression } from '../print/expression.ts';
import { formatSelector } from '../print/label-matchers.ts';
import { parseExpression } from './expression.ts';

const canonical = (text: string): string =>
  formatExpression(parseExpression(text, { experimental: true }));

function failure(text: string, experimental = true): CodedError {
  try {
    parseExpression(text, { experimental });
  } catch (error) {
    if (error instanceof CodedError) return error;
  }
  throw new Error(`${text} should not parse`);
}

describe('canonical text', () => {
  test.each([
    ['sum(rate(x[5m]))by(a,"b.c")', 'sum by (a, "b.c") (rate(x[5m]))'],
    ['a+b offset 5m*c', 'a + b offset 5m * c'],
    ['-1^2', '-1 ^ 2'],
    ['- a ^ 2', '-a ^ 2'],
    ['a==bool on(x)group_left(y,)b', 'a == bool on (x) group_left (y) b'],
    ['a/ignoring()b', 'a / b'],
    ['a*on()b', 'a * on () b'],
    ['x[90s] offset -1m', 'x[1m30s] offset -1m'],
    ['x @ 1.5', 'x @ 1.500'],
    ['x offset 5m @ end()', 'x @ end() offset 5m'],
    ['x[300]', 'x[5m]'],
    ['x[STEP()+1m]', 'x[step() + 1m]'],
    ['topk without(a)(3,x)', 'topk without (a) (3, x)'],
    ['sum by()(x)', 'sum(x)'],
    ['0x1F + 1_000 + 010 + 2.', '31 + 1000 + 8 + 2'],
    ["label_join(x,'a','-',`b`)", 'label_join(x, "a", "-", "b")'],
    ['(x)[5m:]', '(x)[5m:]'],
    ['a + fill(0) b', 'a + fill (0) b'],
    ['rate(x[5m] anchored)', 'rate(x[5m] anchored)'],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test('of every script reads back as itself', () => {
    const folder = new URL('../../testdata/', import.meta.url);
    for (const file of readdirSync(folder))
      for (const command of readScript(readFileSync(new URL(file, folder), 'utf8')))
        if (command.kind === 'instant' || command.kind === 'range') {
          const text = canonical(command.expression);
          expect(canonical(text)).toBe(text);
        }
  });
});

describe('errors', () => {
  test.each([
    ['x +', '1:4: parse error: unexpected end of input'],
    ['sum(x', '1:6: parse error: unclosed left parenthesis'],
    ['(a\n  b)', '2:3: parse error: unexpected identifier "b"'],
    ['1 > 2', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:5: parse error: bool modifier can only be used on comparison operators'],
    ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['a and on(x) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'a + on(x) group_left(x) b',
      '1:1: parse error: label "x" must not occur in ON and GROUP clause at once',
    ],
    ['a + on(x) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    [
      'a[5m] + 1',
      '1:1: parse error: binary expression must contain only scalar and instant vector types',
    ],
    [
      '-"a"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    ['rate(x[5m])[5m]', '1:1: parse error: ranges only allowed for vector selectors'],
    ['x offset 5m offset 1m', '1:1: parse error: offset may not be set multiple times'],
    [
      'sum(x) offset 1m',
      '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['x @ Inf', '1:5: parse error: timestamp out of bounds for @ modifier: Infinity'],
    [
      'topk(x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['rate()', '1:1: parse error: expected 1 argument(s) in call to "rate", got 0'],
    [
      'deriv(x[5m] anchored)',
      '1:1: parse error: anchored modifier can only be used with: changes, delta, increase, rate, resets - not with deriv',
    ],
    [`${'('.repeat(1_200)}1${')'.repeat(1_200)}`, /nested over 1000 deep/],
  ])('%s', (text, message) => {
    const error = failure(text);
    expect(error.code).toBe('bad-query');
    expect(error.message).toMatch(message);
  });

  test('what is experimental needs to be asked for', () => {
    expect(failure('limitk(1, x)', false).message).toContain('limitk() is experimental');
    expect(failure('mad_over_time(x[5m])', false).message).toContain('is not enabled');
    expect(failure('a + fill(0) b', false).message).toContain('experimental');
  });
});

test('the selectors of an expression', () => {
  const selectors = (text: string): string[] =>
    extractSelectors(parseExpression(text, { experimental: true })).map(formatSelector);
  expect(
    selectors('sum(rate(a{x="1"}[5m])) / on () group_left () max_over_time(b[5m:1m])'),
  ).toEqual(['a{x="1"}', 'b']);
  expect(selectors('info(a, {version=~".+"})')).toEqual(['a', 'target_info{version=~".+"}']);
});
