import type { Windows } from '../eval/range-vector.ts';
import type { Grid } from '../eval/grid.ts';

/** One series of a range vector on its way through a function. */
export interface RangeInput {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly windows: Windows;
  /** Where each window ends. */
  readonly reference: Grid;
  readonly rangeMs: number;
  /** The steps themselves, which `@` and offsets do not move. */
  readonly grid: Grid;
  /** The scalar arguments, one value per step each. */
  readonly params: readonly Float64Array[];
}

export interface RangeOutput {
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/**
 * A range function: fills one slot per window. What it gives for a window depends on the samples of that
 * window alone, never on the windows before it, so that a step is the same bit for bit in every query.
 */
export type RangeKernel = (input: RangeInput, output: RangeOutput) => void;

/** A kernel that gives a value for every window with at least `samplesMin` samples. */
export function perWindow(
  samplesMin: number,
  evaluate: (input: RangeInput, from: number, to: number, step: number) => number,
): RangeKernel {
  return (input, output) => {
    const { from, to } = input.windows;
    for (let step = 0; step < output.values.length; step++) {
      const first = from[step] as number;
      const end = to[step] as number;
      if (end - first < samplesMin) continue;
      output.values[step] = evaluate(input, first, end, step);
      output.present[step] = 1;
    }
  };
}
