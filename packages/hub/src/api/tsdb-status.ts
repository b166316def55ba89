/** status/tsdb: where the series come from, by metric, label and pair. */
import { METRIC_NAME } from '@nowcast/model';
import { setImmediate } from 'node:timers/promises';
import type { ApiContext } from './api-options.ts';

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

export interface TsdbStatus {
  readonly headStats: {
    readonly numSeries: number;
    readonly numLabelPairs: number;
    readonly chunkCount: number;
    readonly minTime: number;
    readonly maxTime: number;
  };
  readonly seriesCountByMetricName: readonly NamedCount[];
  readonly labelValueCountByLabelName: readonly NamedCount[];
  /** Bytes of the values of a label in all series. */
  readonly memoryInBytesByLabelName: readonly NamedCount[];
  readonly seriesCountByLabelValuePair: readonly NamedCount[];
}

const TOP_DEFAULT = 10;
/** Counted in one go, well under a millisecond; then others have their turn. */
const SLICE_SERIES = 1_000;

export async function tsdbStatus(
  { options }: ApiContext,
  topMax: number = TOP_DEFAULT,
  signal?: AbortSignal,
): Promise<TsdbStatus> {
  const sets = await options.queryable.labelSets({ matcherSets: [], signal });
  const byPair = new Map<string, Map<string, number>>();
  const bytes = new Map<string, number>();
  for (const [at, labels] of sets.entries()) {
    for (const [name, value] of labels) {
      let values = byPair.get(name);
      if (values === undefined) byPair.set(name, (values = new Map()));
      count(values, value, 1);
      count(bytes, name, Buffer.byteLength(value));
    }
    if (at % SLICE_SERIES === SLICE_SERIES - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const stats = options.storeStats?.();
  const pairs = [...byPair].flatMap(([name, values]) =>
    top(values, topMax).map(
      ({ name: value, value: series }) => [`${name}=${value}`, series] as const,
    ),
  );
  const valueCounts = [...byPair].map(([name, values]) => [name, values.size] as const);
  return {
    headStats: {
      numSeries: sets.length,
      numLabelPairs: valueCounts.reduce((sum, [, values]) => sum + values, 0),
      chunkCount: 0,
      minTime: stats?.oldestMs ?? 0,
      maxTime: stats?.newestMs ?? 0,
    },
    seriesCountByMetricName: top(byPair.get(METRIC_NAME) ?? [], topMax),
    labelValueCountByLabelName: top(valueCounts, topMax),
    memoryInBytesByLabelName: top(bytes, topMax),
    seriesCountByLabelValuePair: top(pairs, topMax),
  };
}

function count(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

function top(counts: Iterable<readonly [string, number]>, max: number): readonly NamedCount[] {
  return Array.from(counts, ([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
    .slice(0, max);
}
