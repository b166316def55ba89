/**
 * Range functions over `anchored` and `smoothed` ranges. Their windows hold one sample before the range and,
 * smoothed, one after it; the value at an edge is that sample's, or interpolated between the two around it.
 * So neighbouring ranges add up, which extrapolation cannot promise.
 */
import { timeAt } from '../eval/grid.ts';
import type { RangeExtension } from '../ast/vector-selector.ts';
import type { RangeInput, RangeKernel, RangeOutput } from './range-kernel.ts';

/** The kernel of a function over an extended range. */
export function extendedKernel(name: string, extension: RangeExtension): RangeKernel {
  const smoothed = extension === 'smoothed';
  switch (name) {
    case 'rate':
      return movement({ smoothed, isCounter: true, isRate: true });
    case 'increase':
      return movement({ smoothed, isCounter: true, isRate: false });
    case 'delta':
      return movement({ smoothed, isCounter: false, isRate: false });
    case 'resets':
      return events((previous, current) => current < previous);
    default:
      return events(
        (previous, current) =>
          current !== previous && !(Number.isNaN(current) && Number.isNaN(previous)),
      );
  }
}

interface Movement {
  readonly smoothed: boolean;
  readonly isCounter: boolean;
  readonly isRate: boolean;
}

/** A window and the range it is about; `last` is inclusive. */
interface Edges {
  readonly first: number;
  readonly last: number;
  readonly startMs: number;
  readonly endMs: number;
}

function movement(kind: Movement): RangeKernel {
  return (input, output) =>
    eachWindow(input, output, (edges) => {
      const { first, last, startMs, endMs } = edges;
      const { timesMs, values } = input;
      const isBefore = (timesMs[first] as number) <= startMs;
      const isAfter = (timesMs[last] as number) >= endMs;
      const left =
        kind.smoothed && (timesMs[first] as number) < startMs
          ? interpolate(input, { from: first, timeMs: startMs }, kind.isCounter)
          : (values[first] as number);
      const right =
        kind.smoothed && last > first && (timesMs[last] as number) > endMs
          ? interpolate(input, { from: last - 1, timeMs: endMs }, kind.isCounter)
          : (values[last] as number);
      let moved = right - left;
      if (kind.isCounter) {
        const inner = values.subarray(isBefore ? first + 1 : first, isAfter ? last : last + 1);
        moved += lostInResets(left, right, inner);
      }
      return kind.isRate ? moved / (input.rangeMs / 1_000) : moved;
    });
}

function events(isEvent: (previous: number, current: number) => boolean): RangeKernel {
  return (input, output) =>
    eachWindow(input, output, ({ first, last }) => {
      let count = 0;
      for (let at = first + 1; at <= last; at++)
        if (isEvent(input.values[at - 1] as number, input.values[at] as number)) count++;
      return count;
    });
}

/** Skips windows whose samples all lie on one side of the range. */
function eachWindow(
  input: RangeInput,
  output: RangeOutput,
  evaluate: (edges: Edges) => number,
): void {
  const { timesMs, windows, reference, rangeMs } = input;
  for (let step = 0; step < output.values.length; step++) {
    const first = windows.from[step] as number;
    const last = (windows.to[step] as number) - 1;
    if (last < first) continue;
    const endMs = timeAt(reference, step);
    const startMs = endMs - rangeMs;
    if ((timesMs[last] as number) <= startMs || (timesMs[first] as number) > endMs) continue;
    output.values[step] = evaluate({ first, last, startMs, endMs });
    output.present[step] = 1;
  }
}

/** The value between a sample and the next; a counter that fell started again from zero. */
function interpolate(
  { timesMs, values }: RangeInput,
  { from, timeMs }: { readonly from: number; readonly timeMs: number },
  isCounter: boolean,
): number {
  const after = values[from + 1] as number;
  const before = isCounter && after < (values[from] as number) ? 0 : (values[from] as number);
  const fromMs = timesMs[from] as number;
  const share = (timeMs - fromMs) / ((timesMs[from + 1] as number) - fromMs);
  return before + (after - before) * share;
}

function lostInResets(left: number, right: number, inner: Float64Array): number {
  let lost = 0;
  let previous = left;
  for (const value of inner) {
    if (value < previous) lost += previous;
    previous = value;
  }
  return right < previous ? lost + previous : lost;
}
