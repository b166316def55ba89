import { isStaleMarker, STALE_NAN, type RollupPoint } from '@nowcast/model';
import { lowerBound, upperBound, wordsOf, type SampleRun } from '../block/sample-run.ts';

/**
 * A rollup: what a series did in each window of time, windows being aligned to the Unix epoch. It is a function
 * of the samples of the window alone, so parts of a window can be put together, and where a block ends does not
 * matter. A window stands at the time of its last sample; windows without samples do not exist.
 *
 * Staleness markers count for `first` and `last` only; where a window has nothing else, every aggregate but
 * `count` is one. NaNs make the sum NaN, as adding does; `min` and `max` pass over them while there is a number,
 * and `increase` does not bridge them.
 */
export const ROLLUP_MS: readonly number[] = [60_000, 3_600_000];

/** A request must step over at least this many windows to be answered from rollups. */
const WINDOWS_PER_STEP = 5;

/** The aggregates in the order they are stored. `increase` is that of a counter, from the window's first sample on. */
export const AGGREGATES = ['min', 'max', 'sum', 'count', 'first', 'last', 'increase'] as const;
/** The staleness marker as a column of one. */
const STALE = Float64Array.of(STALE_NAN);

export type Aggregate = (typeof AGGREGATES)[number];

export interface Rollup extends Readonly<Record<Aggregate, Float64Array>> {
  readonly times: Float64Array;
}

/** The longest window that a step is several times as long as; undefined when samples are to be read. */
export function resolutionFor(stepMs: number | undefined): number | undefined {
  if (stepMs === undefined) return undefined;
  return ROLLUP_MS.findLast((windowMs) => stepMs >= windowMs * WINDOWS_PER_STEP);
}

/** Samples to windows. */
export function rollUp({ times, values }: SampleRun, windowMs: number): Rollup {
  const ends: number[] = [];
  for (let at = 1; at < times.length; at++)
    if (windowOf(times, at, windowMs) !== windowOf(times, at - 1, windowMs)) ends.push(at);
  if (times.length > 0) ends.push(times.length);
  const rollup = empty(ends.length);
  // Values move as pairs of words, so NaNs keep their bits.
  const words = wordsOf(values);
  const [first, last] = [wordsOf(rollup.first), wordsOf(rollup.last)];
  let from = 0;
  for (let at = 0; at < ends.length; at++) {
    const to = ends[at] as number;
    rollup.times[at] = times[to - 1] as number;
    first[at * 2] = words[from * 2] as number;
    first[at * 2 + 1] = words[from * 2 + 1] as number;
    last[at * 2] = words[to * 2 - 2] as number;
    last[at * 2 + 1] = words[to * 2 - 1] as number;
    fold(rollup, at, { values, from, to });
    from = to;
  }
  return rollup;
}

/** Windows of several parts that share no sample, oldest first; a window in two parts becomes one. */
export function joinRollups(parts: readonly Rollup[], windowMs: number): Rollup {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const places = parts
    .flatMap((part) => Array.from(part.times, (timeMs, at) => ({ part, at, timeMs })))
    .sort((a, b) => a.timeMs - b.timeMs);
  const joined = empty(places.length);
  let size = 0;
  for (const { part, at, timeMs } of places) {
    const before = joined.times[size - 1] ?? NaN;
    const same = size > 0 && Math.floor(before / windowMs) === Math.floor(timeMs / windowMs);
    if (same) combine(joined, size - 1, { part, at });
    else {
      copyRow(part, at, { into: joined, target: size, names: AGGREGATES });
      joined.times[size++] = timeMs;
    }
  }
  return cut(joined, size);
}

/** One sample per window of which the last sample lies in the range; `before` is the rollup that comes before. */
export function pointsOf(
  rollup: Rollup,
  options: {
    readonly point: RollupPoint;
    readonly startMs: number;
    readonly endMs: number;
    readonly before?: Rollup | undefined;
  },
): SampleRun {
  const { point } = options;
  const from = lowerBound(rollup.times, options.startMs);
  const to = Math.max(from, upperBound(rollup.times, options.endMs));
  const times = rollup.times.subarray(from, to);
  if (point !== 'average' && point !== 'increase')
    return { times, values: rollup[point].subarray(from, to) };
  const values = (point === 'average' ? rollup.sum : rollup.increase).slice(from, to);
  for (let at = 0; at < values.length; at++) {
    const count = rollup.count[from + at] as number;
    // The marker of a window that has nothing else stays as it is.
    if (count === 0) continue;
    const value = values[at] as number;
    const last = rollup.last[from + at - 1] ?? options.before?.last.at(-1) ?? NaN;
    values[at] =
      point === 'average' ? value / count : value + step(last, rollup.first[from + at] as number);
  }
  return { times, values };
}

/** A rollup whose columns are read when they are asked for. */
export function lazyRollup(times: Float64Array, load: (name: Aggregate) => Float64Array): Rollup {
  const known = new Map<Aggregate, Float64Array>();
  const rollup = { times };
  for (const name of AGGREGATES)
    Object.defineProperty(rollup, name, {
      get: () => {
        const column = known.get(name) ?? load(name);
        known.set(name, column);
        return column;
      },
    });
  return rollup as Rollup;
}

function windowOf(times: Float64Array, at: number, windowMs: number): number {
  return Math.floor((times[at] as number) / windowMs);
}

function fold(
  rollup: Rollup,
  at: number,
  window: { readonly values: Float64Array; readonly from: number; readonly to: number },
): void {
  let [min, max, sum, count, increase] = [NaN, NaN, 0, 0, 0];
  let before = NaN;
  for (let index = window.from; index < window.to; index++) {
    const value = window.values[index] as number;
    increase += step(before, value);
    before = value;
    if (isStaleMarker(value)) continue;
    min = lesser(min, value);
    max = greater(max, value);
    sum += value;
    count++;
  }
  rollup.count[at] = count;
  rollup.increase[at] = increase;
  rollup.min[at] = min;
  rollup.max[at] = max;
  rollup.sum[at] = sum;
  if (count === 0)
    for (const name of ['min', 'max', 'sum', 'increase'] as const) rollup[name].set(STALE, at);
}

/** Adds a later part of the same window. */
function combine(
  into: Rollup,
  target: number,
  later: { readonly part: Rollup; readonly at: number },
): void {
  const { part, at } = later;
  const [had, more] = [into.count[target] as number, part.count[at] as number];
  if (had === 0) copyRow(part, at, { into, target, names: ['min', 'max', 'sum', 'increase'] });
  else if (more > 0) {
    const gap = step(into.last[target] as number, part.first[at] as number);
    into.min[target] = lesser(into.min[target] as number, part.min[at] as number);
    into.max[target] = greater(into.max[target] as number, part.max[at] as number);
    into.sum[target] = (into.sum[target] as number) + (part.sum[at] as number);
    into.increase[target] = (into.increase[target] as number) + gap + (part.increase[at] as number);
  }
  into.count[target] = had + more;
  into.times[target] = part.times[at] as number;
  copyRow(part, at, { into, target, names: ['last'] });
}

function copyRow(
  from: Rollup,
  at: number,
  to: { readonly into: Rollup; readonly target: number; readonly names: readonly Aggregate[] },
): void {
  for (const name of to.names) to.into[name].set(from[name].subarray(at, at + 1), to.target);
}

/** What a counter has risen by; after a reset it began at 0, and past a NaN nothing is known. */
function step(before: number, value: number): number {
  if (value >= before) return value - before;
  return value < before ? value : 0;
}

function lesser(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}

function greater(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

function empty(size: number): Rollup {
  const column = (): Float64Array => new Float64Array(size);
  return {
    times: column(),
    min: column(),
    max: column(),
    sum: column(),
    count: column(),
    first: column(),
    last: column(),
    increase: column(),
  };
}

function cut(rollup: Rollup, size: number): Rollup {
  const part = (name: Aggregate): Float64Array => rollup[name].subarray(0, size);
  return {
    times: rollup.times.subarray(0, size),
    min: part('min'),
    max: part('max'),
    sum: part('sum'),
    count: part('count'),
    first: part('first'),
    last: part('last'),
    increase: part('increase'),
  };
}
