import {
  compareLabels,
  type LabelRequest,
  type LabelSet,
  matchesAll,
  type Queryable,
  type SelectRequest,
  type SelectResult,
  type SeriesData,
} from '@nowcast/model';

/** Series held in plain arrays: the least a store can be. It counts how often it is read. */
export class MemoryQueryable implements Queryable {
  readonly #series = new Map<string, SeriesData>();
  selects = 0;

  /** Adds samples, which replace what the series had. */
  set(series: SeriesData): void {
    this.#series.set(series.labels.key, series);
  }

  clear(): void {
    this.#series.clear();
  }

  async select(request: SelectRequest): Promise<SelectResult> {
    request.signal?.throwIfAborted();
    this.selects++;
    const series = this.#matching([request.matchers]).map((one) => cut(one, request));
    return { series: series.filter(({ timesMs }) => timesMs.length > 0), warnings: [] };
  }

  async labelSets(request: LabelRequest): Promise<readonly LabelSet[]> {
    return this.#matching(request.matcherSets).map(({ labels }) => labels);
  }

  async labelNames(request: LabelRequest): Promise<readonly string[]> {
    const sets = await this.labelSets(request);
    return [...new Set(sets.flatMap((labels) => [...labels].map(([name]) => name)))].sort();
  }

  async labelValues(name: string, request: LabelRequest): Promise<readonly string[]> {
    const sets = await this.labelSets(request);
    return [...new Set(sets.map((labels) => labels.get(name)))].filter(Boolean).sort();
  }

  #matching(sets: LabelRequest['matcherSets']): SeriesData[] {
    return [...this.#series.values()]
      .filter(({ labels }) => sets.length === 0 || sets.some((set) => matchesAll(set, labels)))
      .sort((a, b) => compareLabels(a.labels, b.labels));
  }
}

function cut({ labels, timesMs, values }: SeriesData, request: SelectRequest): SeriesData {
  let from = 0;
  while (from < timesMs.length && (timesMs[from] as number) < request.startMs) from++;
  let to = from;
  while (to < timesMs.length && (timesMs[to] as number) <= request.endMs) to++;
  return { labels, timesMs: timesMs.slice(from, to), values: values.slice(from, to) };
}
