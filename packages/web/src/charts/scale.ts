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
  return step * decade * magnitude;
}

const STEPS = [1, 2, 4, 6, 8, 10] as const;

/** An idle machine shall look idle: below these the axis does not zoom in. */
const FLOOR: Partial<Record<Unit, number>> = {
  ratio: 0.04,
  bytes: 1024,
  bytes_per_second: 8 * 1024,
  count: 1,
  per_second: 1,
};

/** Gridlines: bottom, middle and top, and the quarters where there is room. */
export function gridlines(min: number, max: number, heightPx: number): number[] {
  const parts = heightPx >= 140 ? 4 : 2;
  return Array.from({ length: parts + 1 }, (_, at) => min + ((max - min) * at) / parts);
}
