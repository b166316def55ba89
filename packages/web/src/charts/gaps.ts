/**
 * Where a line must not be drawn, as index pairs (last known, next known): where values are unknown, and
 * where more time passed between two samples than a sample stands for.
 */
export function gapsIn(
  timesMs: ArrayLike<number>,
  values: ArrayLike<number | null | undefined>,
  range: { readonly first: number; readonly last: number; readonly gapMs: number },
): readonly (readonly [from: number, to: number])[] {
  const gaps: [number, number][] = [];
  let known = -1;
  for (let at = range.first; at <= range.last; at++) {
    const value = values[at];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    const holed = known >= 0 && at - known > 1;
    if (known >= 0 && (holed || timeAt(timesMs, at) - timeAt(timesMs, known) > range.gapMs))
      gaps.push([known, at]);
    known = at;
  }
  return gaps;
}

function timeAt(timesMs: ArrayLike<number>, at: number): number {
  return timesMs[at] as number;
}
