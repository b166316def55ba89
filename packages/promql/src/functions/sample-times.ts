/** When, in seconds, the sample was that the like-named function without `ts_of_` would show. */
import { perWindow, type RangeKernel } from './range-kernel.ts';

export const tsOfFirstOverTime: RangeKernel = perWindow(
  1,
  ({ timesMs }, from) => (timesMs[from] as number) / 1_000,
);

export const tsOfLastOverTime: RangeKernel = perWindow(
  1,
  ({ timesMs }, _, to) => (timesMs[to - 1] as number) / 1_000,
);

export const tsOfMinOverTime: RangeKernel = timeOfExtreme((a, b) => a <= b);

export const tsOfMaxOverTime: RangeKernel = timeOfExtreme((a, b) => a >= b);

/** Of several equal extremes the latest. */
function timeOfExtreme(reaches: (a: number, b: number) => boolean): RangeKernel {
  return perWindow(1, ({ timesMs, values }, from, to) => {
    let best = from;
    for (let at = from + 1; at < to; at++) {
      const current = values[best] as number;
      if (reaches(values[at] as number, current) || Number.isNaN(current)) best = at;
    }
    return (timesMs[best] as number) / 1_000;
  });
}
