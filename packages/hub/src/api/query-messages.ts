/** What the hub and its query thread send each other. Label sets travel as their pairs. */
import { LabelSet, type SeriesData } from '@nowcast/model';
import type { FetchedQuery } from '@nowcast/promql';
import type { AnswerOptions, QueryAnswer } from './query-answer.ts';

interface SentSeries {
  readonly pairs: readonly string[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export interface SentQuery extends Omit<FetchedQuery, 'selections'> {
  readonly selections: readonly (readonly SentSeries[])[];
}

export interface QueryRequest extends AnswerOptions {
  readonly id: number;
  readonly query: SentQuery;
  readonly timeoutMs: number;
  /** Shared between the threads: 1 once nobody waits for the answer any more. */
  readonly cancelled: Int32Array;
}

export type QueryReply =
  | { readonly id: number; readonly answer: QueryAnswer }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

export function packQuery(fetched: FetchedQuery): SentQuery {
  const pack = ({ labels, timesMs, values }: SeriesData): SentSeries => ({
    pairs: labels.pairs,
    timesMs,
    values,
  });
  return { ...fetched, selections: fetched.selections.map((series) => series.map(pack)) };
}

export function unpackQuery(query: SentQuery): FetchedQuery {
  const unpack = ({ pairs, timesMs, values }: SentSeries): SeriesData => ({
    labels: LabelSet.fromSortedPairs(pairs),
    timesMs,
    values,
  });
  return { ...query, selections: query.selections.map((series) => series.map(unpack)) };
}
