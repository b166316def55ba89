import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CodedError,
  compareLabels,
  createMatcher,
  formatDuration,
  isStaleMarker,
  LabelSet,
  parseDuration,
  sameBits,
  STALE_NAN,
} from './index.ts';

const record = fc.dictionary(
  fc.constantFrom('__name__', 'a', 'b', 'c', 'a b', '名'),
  fc.string({ maxLength: 3 }),
);

describe('LabelSet', () => {
  it('is equal by content whatever the order it was written in', () => {
    fc.assert(
      fc.property(record, (labels) => {
        const one = LabelSet.from(labels);
        const other = LabelSet.fromEntries(Object.entries(labels).reverse());
        expect(one.key).toBe(other.key);
        expect(compareLabels(one, other)).toBe(0);
        expect(LabelSet.from(one.toRecord()).equals(one)).toBe(true);
      }),
    );
  });

  it('sets and removes labels as a plain object would', () => {
    fc.assert(
      fc.property(
        record,
        fc.constantFrom('__name__', 'a', 'bb', 'z'),
        fc.string(),
        (labels, name, value) => {
          const expected = LabelSet.from({ ...labels, [name]: value });
          expect(LabelSet.from(labels).with(name, value).key).toBe(expected.key);
          expect(expected.without(name).has(name)).toBe(false);
        },
      ),
    );
  });

  it('prints in text exposition form, UTF-8 names quoted', () => {
    expect(String(LabelSet.from({ __name__: 'up', job: 'a"b\n' }))).toBe(
      String.raw`up{job="a\"b\n"}`,
    );
    expect(String(LabelSet.from({ __name__: 'up' }))).toBe('up');
    expect(String(LabelSet.from({ __name__: '温度', 'dev id': 'x' }))).toBe(
      '{"温度", "dev id"="x"}',
    );
    expect(String(LabelSet.EMPTY)).toBe('{}');
  });
});

describe('matchers', () => {
  it.each([
    ['=~', 'a|b', ['a', 'b'], ['ab', '']],
    ['=~', 'node_.*', ['node_', 'node_x'], ['anode_x']],
    ['=~', '.*x.*', ['x', 'axb'], ['y']],
    ['=~', '.*', ['', 'a\nb'], []],
    ['=~', '.+', ['a'], ['']],
    ['=~', '(foo|ba[rz])\\d?', ['foo', 'bar1', 'baz'], ['bax', 'xfoo']],
    ['!~', 'a.c', ['ac', ''], ['abc']],
    ['!=', 'a', ['', 'b'], ['a']],
  ] as const)('%s %s', (op, pattern, yes, no) => {
    const matcher = createMatcher('l', op, pattern);
    for (const text of yes) expect(matcher.matches(text), text).toBe(true);
    for (const text of no) expect(matcher.matches(text), text).toBe(false);
  });

  it('answers a hostile pattern in linear time', () => {
    expect(createMatcher('l', '=~', '(a+)+b').matches('a'.repeat(5_000))).toBe(false);
  });

  it('says what is wrong with a pattern', () => {
    expect(() => createMatcher('l', '=~', '(')).toThrow(CodedError);
    expect(() => createMatcher('l', '=~', '(?=a)')).toThrow(
      /invalid regular expression "\(\?=a\)"/,
    );
  });
});

describe('sample values', () => {
  it('tells the staleness marker from every other number', () => {
    expect(isStaleMarker(STALE_NAN)).toBe(true);
    for (const value of [NaN, 0, -0, Infinity, 1]) expect(isStaleMarker(value)).toBe(false);
    expect(sameBits(NaN, STALE_NAN)).toBe(false);
    expect(sameBits(0, -0)).toBe(false);
  });
});

describe('durations', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
  it.each([
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1y', 31_536_000_000],
    ['0', 0],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
  it.each(['', '5', 'm', '1m1h', '-1s', '1.5h'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(/not a duration/);
  });
});
