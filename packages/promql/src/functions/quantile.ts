/**
 * The φ-quantile with linear interpolation; NaN counts as smaller than every number. The values are
 * sorted in place.
 */
export function quantile(phi: number, values: Float64Array): number {
  const length = values.length;
  if (length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return -Infinity;
  if (phi > 1) return Infinity;
  values.sort();
  const nans = countTrailingNan(values);
  const rank = phi * (length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  const at = (index: number): number =>
    index < nans ? Number.NaN : (values[index - nans] as number);
  return at(lower) * (1 - weight) + at(upper) * weight;
}

function countTrailingNan(sorted: Float64Array): number {
  let count = 0;
  while (count < sorted.length && Number.isNaN(sorted[sorted.length - 1 - count])) count++;
  return count;
}
