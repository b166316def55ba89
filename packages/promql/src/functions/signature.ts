import type { ValueType } from '../check/value-type.ts';

/** What a function takes and gives. */
export interface FunctionSignature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /** How many of `args` must be there. */
  readonly argsMin: number;
  /** How many may be there; the last type repeats. Infinity where any number may. */
  readonly argsMax: number;
  /** Refused unless experimental functions are on, as in Prometheus. */
  readonly experimental: boolean;
}

const LETTERS: Readonly<Record<string, ValueType>> = {
  s: 'scalar',
  v: 'vector',
  m: 'matrix',
  t: 'string',
};

/**
 * Signatures by name in a shorthand: argument types, `?` behind the first that may be left out, `*` behind
 * one that may repeat, `>` and the result; `!` in front marks what is experimental. s scalar, v instant
 * vector, m range vector, t string.
 */
const SHORTHAND: Readonly<Record<string, string>> = {
  ...same(
    'v>v',
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10',
  ),
  ...same('v>v', 'log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp histogram_avg'),
  ...same('v>v', 'histogram_count histogram_stddev histogram_stdvar histogram_sum'),
  ...same('v?>v', 'day_of_month day_of_week day_of_year days_in_month hour minute month year'),
  ...same('m>v', 'absent_over_time avg_over_time changes count_over_time delta deriv'),
  ...same('m>v', 'first_over_time idelta increase irate last_over_time max_over_time'),
  ...same('m>v', 'min_over_time present_over_time rate resets stddev_over_time stdvar_over_time'),
  ...same('m>v', 'sum_over_time'),
  ...same('!m>v', 'mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time'),
  ...same('!m>v', 'ts_of_min_over_time'),
  ...same('!vt?*>v', 'sort_by_label sort_by_label_desc'),
  ...same('!>s', 'start end step range'),
  ...same('>s', 'time pi'),
  clamp: 'vss>v',
  clamp_max: 'vs>v',
  clamp_min: 'vs>v',
  double_exponential_smoothing: '!mss>v',
  histogram_fraction: 'ssv>v',
  histogram_quantile: 'sv>v',
  histogram_quantiles: '!vts*>v',
  info: '!vv?>v',
  label_join: 'vttt?*>v',
  label_replace: 'vtttt>v',
  predict_linear: 'ms>v',
  quantile_over_time: 'sm>v',
  round: 'vs?>v',
  scalar: 'v>s',
  vector: 's>v',
};

const SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map(
  Object.entries(SHORTHAND).map(([name, shorthand]) => [name, readShorthand(shorthand)]),
);

export function functionSignature(name: string): FunctionSignature | undefined {
  return SIGNATURES.get(name);
}

/** Every function's name, ordered. */
export function functionNames(): readonly string[] {
  return [...SIGNATURES.keys()].sort();
}

function same(shorthand: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, shorthand]));
}

function readShorthand(shorthand: string): FunctionSignature {
  const experimental = shorthand.startsWith('!');
  const [left, right] = shorthand.replace('!', '').split('>') as [string, string];
  const args = Array.from(left.replaceAll(/[?*]/g, ''), (letter) => LETTERS[letter] as ValueType);
  const optionalAt = left.replace('*', '').indexOf('?');
  return {
    args,
    returns: LETTERS[right] as ValueType,
    argsMin: optionalAt < 0 ? args.length : optionalAt - 1,
    argsMax: left.includes('*') ? Infinity : args.length,
    experimental,
  };
}
