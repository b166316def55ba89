import type { QueryResult, QueryValue } from '@nowcast/promql';

/** The result with at most `seriesMax` series; a warning says when some were left out. */
export function limitResult(result: QueryResult, seriesMax: number): QueryResult {
  const value = truncate(result.value, seriesMax);
  if (value === result.value) return result;
  return { ...result, value, warnings: [...result.warnings, TRUNCATED] };
}

/** Prometheus's wording. */
export const TRUNCATED = 'results truncated due to limit';

function truncate(value: QueryValue, seriesMax: number): QueryValue {
  if (value.type === 'vector' && value.samples.length > seriesMax)
    return { ...value, samples: value.samples.slice(0, seriesMax) };
  if (value.type === 'matrix' && value.series.length > seriesMax)
    return { ...value, series: value.series.slice(0, seriesMax) };
  return value;
}
