import type { Unit } from '../i18n/format.ts';

/**
 * A round upper end for an axis that starts at zero: the picture changes its scale seldom, and the
 * gridlines stand at numbers people use. Bytes are rounded in steps of 1024.
 */
export function niceCeiling(maximum: number, unit: Unit): number {
  if (!(maximum > 0)) return FLOOR[unit] ?? 1;
  const atLeast = Math.max(maximum * 1.05, FLOOR[unit] ?? 0);
  const base = unit === 'bytes' || unit === 'bytes_per_second' ? 1024 : 1;
  const magnitude = base === 1 ? 1 : base ** Math.floor(Math.log(atLeast) / Math.log(base));
  const scaled = atLeast / magnitude;
  const decade = 10 ** Math.floor(Math.log10(scaled));
  const step = STEPS.find((one) => one * decade >= scaled) ?? 10;
  const ceiling = step * decade * magnitude;
  // There is no more than all of it.
  return unit === 'ratio' ? Math.min(1, ceiling) : ceiling;
}

const STEPS = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10] as const;

/** An idle machine shall look idle: below these the axis does not zoom in. */
const FLOOR: Partial<Record<Unit, number>> = {
  ratio: 0.04,
  bytes: 1024,
  bytes_per_second: 8 * 1024,
  count: 1,
  load: 1,
  per_second: 1,
};

/** Where gridlines stand: round steps from the bottom, three to five of them on a chart of this height. */
export function gridlines(range: AxisRange, unit: Unit, heightPx: number): number[] {
  const { min, max } = range;
  const parts = heightPx >= 140 ? 4 : 2;
  const binary = unit === 'bytes' || unit === 'bytes_per_second';
  const even = (max - min) / parts;
  const step = binary && min === 0 && !isPowerOfTwo(even) ? 2 ** Math.ceil(Math.log2(even)) : even;
  const lines: number[] = [];
  for (let at = 0; min + at * step <= max * 1.000_001; at++) lines.push(min + at * step);
  return lines;
}

export interface AxisRange {
  readonly min: number;
  readonly max: number;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
