import type { ChartLine } from '../derive/chart-model.ts';

/**
 * Columns for drawing a stack: the sum of all lines first, then one line less each time, so that each area
 * is painted over by the smaller one and only its own layer stays visible.
 */
export function stacked(lines: readonly ChartLine[]): readonly Float64Array[] {
  const columns: Float64Array[] = [];
  let below: Float64Array | undefined;
  for (const { values } of lines) {
    const base = below;
    const sum = values.map((value, at) => (value || 0) + (base?.[at] || 0));
    // All layers unknown is a gap, not zero.
    for (let at = 0; at < sum.length; at++)
      if (Number.isNaN(values[at]) && (base === undefined || Number.isNaN(base[at]))) sum[at] = NaN;
    columns.unshift(sum);
    below = sum;
  }
  return columns;
}
