/** The aggregations over time: one window in, one number out. */
import { KahanSum } from './kahan.ts';
import { quantile } from './quantile.ts';
import { perWindow, type RangeInput, type RangeKernel } from './range-kernel.ts';

export const countOverTime: RangeKernel = perWindow(1, (_, from, to) => to - from);

export const presentOverTime: RangeKernel = perWindow(1, () => 1);

export const firstOverTime: RangeKernel = perWindow(
  1,
  ({ values }, from) => values[from] as number,
);

export const lastOverTime: RangeKernel = perWindow(
  1,
  ({ values }, _, to) => values[to - 1] as number,
);

export const sumOverTime: RangeKernel = perWindow(1, ({ values }, from, to) => {
  const sum = new KahanSum();
  for (let at = from; at < to; at++) sum.add(values[at] as number);
  return sum.total;
});

export const avgOverTime: RangeKernel = perWindow(1, ({ values }, from, to) => {
  const sum = new KahanSum(values[from]);
  for (let at = from + 1; at < to; at++) {
    const { sum: before, lost } = sum;
    sum.add(values[at] as number);
    // Out of the range of floats: start again as a running mean, which stays within it.
    if (!Number.isFinite(sum.sum) && !Number.isNaN(sum.sum))
      return runningMean(values, { from, at, to }, new KahanSum(before, lost));
  }
  const count = to - from;
  return sum.sum / count + sum.lost / count;
});

export const minOverTime: RangeKernel = extremeOverTime((a, b) => a < b);

export const maxOverTime: RangeKernel = extremeOverTime((a, b) => a > b);

export const stdvarOverTime: RangeKernel = perWindow(1, ({ values }, from, to) =>
  variance(values, from, to),
);

export const stddevOverTime: RangeKernel = perWindow(1, ({ values }, from, to) =>
  Math.sqrt(variance(values, from, to)),
);

export const quantileOverTime: RangeKernel = perWindow(1, (input, from, to, step) =>
  quantile((input.params[0] as Float64Array)[step] as number, input.values.slice(from, to)),
);

export const madOverTime: RangeKernel = perWindow(1, ({ values }, from, to) => {
  const window = values.slice(from, to);
  // A NaN is no deviation to be passed over in silence.
  if (window.some(Number.isNaN)) return Number.NaN;
  const median = quantile(0.5, window);
  return quantile(
    0.5,
    window.map((value) => Math.abs(value - median)),
  );
});

interface Progress {
  readonly from: number;
  readonly at: number;
  readonly to: number;
}

function runningMean(values: Float64Array, { from, at, to }: Progress, before: KahanSum): number {
  const done = at - from;
  let mean = new KahanSum(before.sum / done, before.lost / done);
  for (let next = at; next < to; next++) {
    const count = next - from + 1;
    const share = (count - 1) / count;
    mean = new KahanSum(share * mean.sum, share * mean.lost);
    mean.add((values[next] as number) / count);
  }
  return mean.sum + mean.lost;
}

function variance(values: Float64Array, from: number, to: number): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let at = from; at < to; at++) {
    const value = values[at] as number;
    const delta = value - (mean.sum + mean.lost);
    mean.add(delta / (at - from + 1));
    squares.add(delta * (value - (mean.sum + mean.lost)));
  }
  return (squares.sum + squares.lost) / (to - from);
}

/** Keeps the place of the extreme while it stays in the window, so that sliding costs what is new. */
function extremeOverTime(beats: (a: number, b: number) => boolean): RangeKernel {
  return (input, output) => {
    const { from, to } = input.windows;
    let best = -1;
    let seenTo = 0;
    for (let step = 0; step < output.values.length; step++) {
      const first = from[step] as number;
      const end = to[step] as number;
      if (end <= first) continue;
      if (best < first || end < seenTo) {
        best = first;
        seenTo = first + 1;
      }
      best = extremeIn(input, { best, from: seenTo, to: end }, beats);
      seenTo = end;
      output.values[step] = input.values[best] as number;
      output.present[step] = 1;
    }
  };
}

function extremeIn(
  { values }: RangeInput,
  { best, from, to }: { best: number; from: number; to: number },
  beats: (a: number, b: number) => boolean,
): number {
  let at = best;
  for (let next = from; next < to; next++) {
    const current = values[at] as number;
    if (beats(values[next] as number, current) || Number.isNaN(current)) at = next;
  }
  return at;
}
