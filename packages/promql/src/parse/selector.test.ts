import { CodedError, METRIC_NAME, type Matcher } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSelector } from '../print/label-matchers.ts';
import { parseSelector } from './selector.ts';

const plain = (matchers: readonly Matcher[]): string[] =>
  matchers.map(({ name, op, value }) => `${name}${op}${value}`);

function failure(text: string): CodedError {
  try {
    parseSelector(text);
  } catch (error) {
    if (error instanceof CodedError) return error;
  }
  throw new Error(`${text} should not parse`);
}

describe('parseSelector', () => {
  test.each([
    ['up', ['__name__=up']],
    ['job:rate5m', ['__name__=job:rate5m']],
    ['up{job="api",}', ['__name__=up', 'job=api']],
    [`up{job!='a', x=~\`b\\d\`, y!~"c"}`, ['__name__=up', 'job!=a', 'x=~b\\d', 'y!~c']],
    ['{"温度.室内", "a.b"="c"}', ['__name__=温度.室内', 'a.b=c']],
    ['{__name__=~"node_.*"}', ['__name__=~node_.*']],
    [String.raw`{a="\x41\u00e9\n\"\101"}`, ['a=Aé\n"A']],
    ['# a comment\nup', ['__name__=up']],
    ['sum', ['__name__=sum']],
    ['constructor{__proto__="1"}', ['__name__=constructor', '__proto__=1']],
  ])('%s', (text, expected) => {
    expect(plain(parseSelector(text))).toEqual(expected);
  });

  test.each([
    ['', '1:1: parse error: no expression found in input'],
    ['up{', '1:4: parse error: unexpected end of input inside braces'],
    ['up{job="api"', '1:13: parse error: unexpected end of input inside braces'],
    ['up{job=}', '1:8: parse error: unexpected "}" in label matching'],
    ['up down', '1:4: parse error: unexpected identifier "down"'],
    ['up{job="api}', '1:8: parse error: unterminated quoted string'],
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['up{"down"}', '1:4: parse error: metric name must not be set twice: "up" or "down"'],
    [
      'rate(up[5m])',
      '1:1: parse error: a series selector was expected, such as metric{label="value"}',
    ],
  ])('refuses %s', (text, message) => {
    const error = failure(text);
    expect(error.code).toBe('bad-query');
    expect(error.message).toBe(message);
  });

  test('says where a bad pattern stands', () => {
    const error = failure('up{\n  job=~"("}');
    expect(error.details).toMatchObject({ line: 2, column: 8, from: 11 });
    expect(error.message).toContain('invalid regular expression "("');
  });
});

describe('formatSelector', () => {
  test('is the same for every spelling', () => {
    const spellings = [
      'up{a="1",b!="2"}',
      '{b!="2", a=\'1\', __name__="up"}',
      'up{b!="2",a="1",a=`1`}',
    ];
    expect(new Set(spellings.map((text) => formatSelector(parseSelector(text))))).toEqual(
      new Set(['up{a="1",b!="2"}']),
    );
  });

  test('quotes names that are not classic', () => {
    expect(formatSelector(parseSelector('{"a.b","c d"="e"}'))).toBe('{"a.b","c d"="e"}');
  });

  test('reads back as it was', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    const matcher = fc.record({
      name,
      op: fc.constantFrom('=', '!='),
      value: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(name, fc.array(matcher), (metric, matchers) => {
        const parts = [
          { name: METRIC_NAME, op: '=', value: metric },
          ...matchers.filter((one) => one.name !== METRIC_NAME),
        ] as unknown as Matcher[];
        const text = formatSelector(parts);
        const back = parseSelector(text);
        expect(formatSelector(back)).toBe(text);
        expect(new Set(plain(back))).toEqual(new Set(plain(parts)));
      }),
    );
  });
});
