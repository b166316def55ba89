import { RE2JS } from 're2js';
import type { LabelSet } from './labels.ts';
import { CodedError } from './coded-error.ts';

export type MatchOp = '=' | '!=' | '=~' | '!~';

/** One condition on a label. A missing label counts as the empty string, as in Prometheus. */
export interface Matcher {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
  matches(value: string): boolean;
}

/**
 * Builds a matcher. Regular expressions are RE2's: fully anchored, `.` matches newlines too, linear time
 * whatever the pattern, so a hostile one cannot stall the hub.
 * @throws {CodedError} `bad-regex` when the pattern does not parse.
 */
export function createMatcher(name: string, op: MatchOp, value: string): Matcher {
  switch (op) {
    case '=':
      return { name, op, value, matches: (text) => text === value };
    case '!=':
      return { name, op, value, matches: (text) => text !== value };
    case '=~':
      return { name, op, value, matches: compilePattern(value) };
    case '!~': {
      const test = compilePattern(value);
      return { name, op, value, matches: (text) => !test(text) };
    }
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: LabelSet): boolean {
  for (const matcher of matchers) if (!matcher.matches(labels.get(matcher.name))) return false;
  return true;
}

const LITERAL = /^[\w \-/:,;@%&=<>~"'#!]*$/;

/** A fully anchored RE2 test; the shapes most people write are answered without the engine. */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern === '.*') return () => true;
  if (pattern === '.+') return (text) => text !== '';
  const alternatives = pattern.split('|');
  if (alternatives.every((one) => LITERAL.test(one))) {
    const set = new Set(alternatives);
    return (text) => set.has(text);
  }
  const affix = /^(\.\*)?([^.*]*?)(\.\*)?$/.exec(pattern);
  if (affix && (affix[1] || affix[3]) && LITERAL.test(affix[2] as string)) {
    const middle = affix[2] as string;
    if (affix[1] && affix[3]) return (text) => text.includes(middle);
    return affix[1] ? (text) => text.endsWith(middle) : (text) => text.startsWith(middle);
  }
  return compileWithEngine(pattern);
}

function compileWithEngine(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.DOTALL);
    return (text) => compiled.matches(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError(
      'bad-regex',
      `invalid regular expression ${JSON.stringify(pattern)}: ${reason}`,
      {
        cause,
      },
    );
  }
}
