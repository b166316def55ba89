/** Samples of one series: two columns of equal length, times strictly rising. */
export interface SampleRun {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export const EMPTY_RUN: SampleRun = { times: new Float64Array(0), values: new Float64Array(0) };

/**
 * One run out of several, the newest last: at equal times the newest wins. Runs that do not overlap, which is
 * nearly all of them, are only put in line. Values move as pairs of words, so NaNs keep their bits.
 */
export function mergeRuns(runs: readonly SampleRun[]): SampleRun {
  const filled = runs.filter((run) => run.times.length > 0);
  if (filled.length <= 1) return filled[0] ?? EMPTY_RUN;
  const inLine = filled.toSorted((a, b) => (a.times[0] as number) - (b.times[0] as number));
  const overlaps = inLine.some(
    (run, at) =>
      at > 0 && (run.times[0] as number) <= ((inLine[at - 1] as SampleRun).times.at(-1) as number),
  );
  return overlaps ? filled.reduce(mergeTwo) : concatenate(inLine);
}

function concatenate(runs: readonly SampleRun[]): SampleRun {
  const size = runs.reduce((sum, run) => sum + run.times.length, 0);
  const times = new Float64Array(size);
  const values = new Float64Array(size);
  let at = 0;
  for (const run of runs) {
    times.set(run.times, at);
    values.set(run.values, at);
    at += run.times.length;
  }
  return { times, values };
}

function mergeTwo(older: SampleRun, newer: SampleRun): SampleRun {
  const size = older.times.length + newer.times.length;
  const times = new Float64Array(size);
  const values = new Float64Array(size);
  const target = wordsOf(values);
  const [oldWords, newWords] = [wordsOf(older.values), wordsOf(newer.values)];
  let [at, oldAt, newAt] = [0, 0, 0];
  while (oldAt < older.times.length || newAt < newer.times.length) {
    const oldTime = older.times[oldAt] ?? Infinity;
    const newTime = newer.times[newAt] ?? Infinity;
    const takeNew = newTime <= oldTime;
    const [source, from] = takeNew ? [newWords, newAt * 2] : [oldWords, oldAt * 2];
    times[at] = takeNew ? newTime : oldTime;
    target[at * 2] = source[from] as number;
    target[at * 2 + 1] = source[from + 1] as number;
    if (oldTime <= newTime) oldAt++;
    if (takeNew) newAt++;
    at++;
  }
  return { times: times.subarray(0, at), values: values.subarray(0, at) };
}

/** The same bits as 32-bit words, low word first. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Index of the first time ≥ `timeMs`. */
export function lowerBound(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first time > `timeMs`. */
export function upperBound(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
