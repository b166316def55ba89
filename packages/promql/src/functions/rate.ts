/** How fast counters and gauges move: rate, increase, delta with extrapolation; irate, idelta without. */
import { timeAt } from '../eval/grid.ts';
import { type RangeInput, type RangeKernel, perWindow } from './range-kernel.ts';

interface RateKind {
  /** A fall is a restart from zero, and the value cannot have been below it. */
  readonly isCounter: boolean;
  /** Per second instead of over the range. */
  readonly isRate: boolean;
}

export const rate: RangeKernel = extrapolated({ isCounter: true, isRate: true });
export const increase: RangeKernel = extrapolated({ isCounter: true, isRate: false });
export const delta: RangeKernel = extrapolated({ isCounter: false, isRate: false });
export const irate: RangeKernel = fromLastTwo(true);
export const idelta: RangeKernel = fromLastTwo(false);

function extrapolated(kind: RateKind): RangeKernel {
  return (input, output) => {
    const { from, to } = input.windows;
    const falls = kind.isCounter ? findFalls(input.values) : [];
    let nextFall = 0;
    for (let step = 0; step < output.values.length; step++) {
      const first = from[step] as number;
      const end = to[step] as number;
      if (end - first < 2) continue;
      while (nextFall > 0 && (falls[nextFall - 1] as number) > first) nextFall--;
      while (nextFall < falls.length && (falls[nextFall] as number) <= first) nextFall++;
      const moved = movedBy(input.values, { first, end }, { falls, nextFall });
      output.values[step] = extrapolate(input, { step, first, last: end - 1, moved }, kind);
      output.present[step] = 1;
    }
  };
}

/** The places where a counter restarted: each value smaller than the one before it. */
function findFalls(values: Float64Array): readonly number[] {
  const falls: number[] = [];
  for (let at = 1; at < values.length; at++)
    if ((values[at] as number) < (values[at - 1] as number)) falls.push(at);
  return falls;
}

function movedBy(
  values: Float64Array,
  { first, end }: { first: number; end: number },
  { falls, nextFall }: { falls: readonly number[]; nextFall: number },
): number {
  let moved = (values[end - 1] as number) - (values[first] as number);
  for (let at = nextFall; at < falls.length && (falls[at] as number) < end; at++)
    moved += values[(falls[at] as number) - 1] as number;
  return moved;
}

interface Movement {
  readonly step: number;
  readonly first: number;
  readonly last: number;
  readonly moved: number;
}

function extrapolate(input: RangeInput, movement: Movement, kind: RateKind): number {
  const { timesMs, values, reference, rangeMs } = input;
  const { first, last, moved } = movement;
  const firstMs = timesMs[first] as number;
  const lastMs = timesMs[last] as number;
  const endMs = timeAt(reference, movement.step);
  const sampledS = (lastMs - firstMs) / 1_000;
  const gapS = sampledS / (last - first);
  // Samples this close to an end of the range are taken to go on to it.
  const thresholdS = gapS * 1.1;
  let toStartS = (firstMs - (endMs - rangeMs)) / 1_000;
  if (toStartS >= thresholdS) toStartS = gapS / 2;
  if (kind.isCounter) {
    let toZeroS = toStartS;
    const firstValue = values[first] as number;
    if (moved > 0 && firstValue >= 0) toZeroS = sampledS * (firstValue / moved);
    if (toZeroS < toStartS) toStartS = toZeroS;
  }
  let toEndS = (endMs - lastMs) / 1_000;
  if (toEndS >= thresholdS) toEndS = gapS / 2;
  let factor = (sampledS + toStartS + toEndS) / sampledS;
  if (kind.isRate) factor /= rangeMs / 1_000;
  return moved * factor;
}

function fromLastTwo(isRate: boolean): RangeKernel {
  return perWindow(2, ({ timesMs, values }, _, to) => {
    const last = values[to - 1] as number;
    const previous = values[to - 2] as number;
    const moved = isRate && last < previous ? last : last - previous;
    if (!isRate) return moved;
    return moved / (((timesMs[to - 1] as number) - (timesMs[to - 2] as number)) / 1_000);
  });
}
