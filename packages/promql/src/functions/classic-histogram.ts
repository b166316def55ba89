/** Quantiles and fractions of one classic histogram at one instant. */
export interface Bucket {
  readonly upperBound: number;
  /** Observations at or below the bound. */
  count: number;
}

/** Differences this small, relative to the counts, are float noise. */
const TOLERANCE = 1e-12;

export interface QuantileOutcome {
  readonly value: number;
  /** Counts fell from one bucket to the next and had to be lifted. */
  readonly forcedMonotonic: boolean;
}

/** @param buckets may be in any order; they are put in order in place. */
export function bucketQuantile(phi: number, buckets: Bucket[]): QuantileOutcome {
  const outcome = (value: number, forcedMonotonic = false): QuantileOutcome => ({
    value,
    forcedMonotonic,
  });
  if (Number.isNaN(phi)) return outcome(Number.NaN);
  if (phi < 0) return outcome(-Infinity);
  if (phi > 1) return outcome(Infinity);
  const sorted = coalesce(buckets);
  if (sorted.at(-1)?.upperBound !== Infinity) return outcome(Number.NaN);
  const forced = makeMonotonic(sorted);
  const observations = sorted.at(-1)?.count ?? 0;
  if (sorted.length < 2 || observations === 0) return outcome(Number.NaN);
  return outcome(interpolateRank(phi * observations, sorted), forced);
}

/** The share of observations between two values. */
export function bucketFraction(lower: number, upper: number, buckets: Bucket[]): number {
  const sorted = coalesce(buckets);
  const last = sorted.at(-1);
  if (last?.upperBound !== Infinity) return Number.NaN;
  if (last.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, sorted) - rankOf(lower, sorted)) / last.count;
}

function interpolateRank(rank: number, sorted: readonly Bucket[]): number {
  const lastAt = sorted.length - 1;
  let at = 0;
  while (at < lastAt && !((sorted[at] as Bucket).count >= rank)) at++;
  const { upperBound, count } = sorted[at] as Bucket;
  if (at === lastAt) return (sorted[lastAt - 1] as Bucket).upperBound;
  if (at === 0) return upperBound <= 0 ? upperBound : upperBound * (rank / count);
  const below = sorted[at - 1] as Bucket;
  const share = (rank - below.count) / (count - below.count);
  return below.upperBound + (upperBound - below.upperBound) * share;
}

/** How many observations lie at or below the value, at most all. */
function rankOf(value: number, sorted: readonly Bucket[]): number {
  const total = (sorted.at(-1) as Bucket).count;
  // Buckets of positive bounds only are taken to start at zero.
  let lowerBound = (sorted[0] as Bucket).upperBound <= 0 ? -Infinity : 0;
  let rank = 0;
  for (const { upperBound, count } of sorted) {
    if (lowerBound >= value) return Math.min(rank, total);
    if (upperBound > value) {
      const inside =
        lowerBound === -Infinity
          ? count
          : rank + ((count - rank) * (value - lowerBound)) / (upperBound - lowerBound);
      return Math.min(inside, total);
    }
    rank = count;
    lowerBound = upperBound;
  }
  return total;
}

/** Ordered by bound; buckets of the same bound added up. */
function coalesce(buckets: Bucket[]): readonly Bucket[] {
  buckets.sort((a, b) => a.upperBound - b.upperBound || 0);
  const kept: Bucket[] = [];
  for (const bucket of buckets) {
    const last = kept.at(-1);
    if (last?.upperBound === bucket.upperBound) last.count += bucket.count;
    else kept.push({ ...bucket });
  }
  return kept;
}

function makeMonotonic(sorted: readonly Bucket[]): boolean {
  let forced = false;
  let previous = sorted[0]?.count ?? 0;
  for (const bucket of sorted.slice(1)) {
    if (bucket.count === previous) continue;
    if (nearlyEqual(previous, bucket.count)) {
      bucket.count = previous;
    } else if (bucket.count < previous) {
      bucket.count = previous;
      forced = true;
    } else {
      previous = bucket.count;
    }
  }
  return forced;
}

function nearlyEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0) return difference < TOLERANCE * Number.MIN_VALUE;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}
