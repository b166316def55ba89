/** Straight lines and smoothed trends through a window. */
import { queryFailed } from '../eval/context.ts';
import { timeAt } from '../eval/grid.ts';
import { KahanSum } from './kahan.ts';
import { type RangeInput, type RangeKernel, perWindow } from './range-kernel.ts';

export const deriv: RangeKernel = perWindow(
  2,
  (input, from, to) => fitLine(input, { from, to }, input.timesMs[from] as number).slope,
);

export const predictLinear: RangeKernel = perWindow(2, (input, from, to, step) => {
  const line = fitLine(input, { from, to }, timeAt(input.grid, step));
  return line.slope * ((input.params[0] as Float64Array)[step] as number) + line.intercept;
});

export const doubleExponentialSmoothing: RangeKernel = perWindow(2, (input, from, to, step) => {
  const smoothing = checkedFactor(input, step, 0);
  const trendFactor = checkedFactor(input, step, 1);
  const { values } = input;
  let older = 0;
  let level = values[from] as number;
  let trend = (values[from + 1] as number) - level;
  for (let at = from + 1; at < to; at++) {
    if (at > from + 1) trend = trendFactor * (level - older) + (1 - trendFactor) * trend;
    const next = smoothing * (values[at] as number) + (1 - smoothing) * (level + trend);
    older = level;
    level = next;
  }
  return level;
});

interface Line {
  readonly slope: number;
  /** The value at the time asked for. */
  readonly intercept: number;
}

/** Least squares; time in seconds from `originMs`. */
function fitLine(
  { timesMs, values }: RangeInput,
  { from, to }: { readonly from: number; readonly to: number },
  originMs: number,
): Line {
  const [sumX, sumY, sumXY, sumXX] = [
    new KahanSum(),
    new KahanSum(),
    new KahanSum(),
    new KahanSum(),
  ];
  const first = values[from] as number;
  let isConstant = true;
  for (let at = from; at < to; at++) {
    const y = values[at] as number;
    if (y !== first) isConstant = false;
    const x = ((timesMs[at] as number) - originMs) / 1_000;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumXX.add(x * x);
  }
  if (isConstant)
    return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: NaN, intercept: NaN };
  const count = to - from;
  const [x, y, xy, xx] = [sumX, sumY, sumXY, sumXX].map((sum) => sum.sum + sum.lost) as [
    number,
    number,
    number,
    number,
  ];
  const slope = (xy - (x * y) / count) / (xx - (x * x) / count);
  return { slope, intercept: y / count - (slope * x) / count };
}

function checkedFactor(input: RangeInput, step: number, at: 0 | 1): number {
  const factor = (input.params[at] as Float64Array)[step] as number;
  if (factor > 0 && factor < 1) return factor;
  const [name, symbol] = at === 0 ? ['smoothing', 'sf'] : ['trend', 'tf'];
  throw queryFailed(
    `invalid ${name} factor. Expected: 0 < ${symbol} < 1, got: ${factor.toFixed(6)}`,
  );
}
