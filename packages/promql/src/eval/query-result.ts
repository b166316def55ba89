import type { LabelSet, SeriesData } from '@nowcast/model';

/** A series with its value at the instant asked for. */
export interface VectorSample {
  readonly labels: LabelSet;
  readonly value: number;
}

export type QueryValue =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  /** In the order the expression gives: sort() and topk() order, the rest is as selected. */
  | { readonly type: 'vector'; readonly timeMs: number; readonly samples: readonly VectorSample[] }
  /** Ordered by labels. */
  | { readonly type: 'matrix'; readonly series: readonly SeriesData[] };

export interface QueryStats {
  /** Samples read from the store, each as often as it was read. */
  readonly samplesLoaded: number;
  readonly seriesLoaded: number;
}

export interface QueryResult {
  readonly value: QueryValue;
  /** The answer may be wrong or incomplete. */
  readonly warnings: readonly string[];
  /** The answer may not be what was meant. */
  readonly infos: readonly string[];
  readonly stats: QueryStats;
}
