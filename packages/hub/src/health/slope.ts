/**
 * How fast a value changes, from a handful of points, without being fooled by jumps: the median of the slopes
 * between all pairs (Theil–Sen), which a third of wild points cannot move.
 */
export interface TrendPoint {
  readonly timeMs: number;
  readonly value: number;
}

export interface Trend {
  /** Median slope. */
  readonly perMs: number;
  /** Share of pairs that go the way of the median, 0.5 to 1: how steady the trend is. */
  readonly agreement: number;
}

/** @returns undefined for fewer than two points. */
export function robustTrend(points: readonly TrendPoint[]): Trend | undefined {
  const slopes: number[] = [];
  for (const [at, a] of points.entries())
    for (let other = at + 1; other < points.length; other++) {
      const b = points[other] as TrendPoint;
      if (b.timeMs > a.timeMs) slopes.push((b.value - a.value) / (b.timeMs - a.timeMs));
    }
  if (slopes.length === 0) return undefined;
  slopes.sort((a, b) => a - b);
  const perMs = slopes[slopes.length >> 1] as number;
  const sign = Math.sign(perMs);
  const agreeing = slopes.filter((slope) => Math.sign(slope) === sign).length;
  return { perMs, agreement: agreeing / slopes.length };
}
