import { type FetchedQuery, overdue } from '@nowcast/promql';
import type { Clock } from '@nowcast/std';
import { answerQuery, type QueryAnswer } from './query-answer.ts';

/** A query whose samples are there and that is now to be computed. The engine may take the samples for itself. */
export interface QueryTask {
  readonly fetched: FetchedQuery;
  readonly experimental: boolean;
  /** Series in the answer; a warning says when some were left out. */
  readonly seriesMax: number;
  /** How long the evaluation may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where queries are computed. */
export interface QueryEngine {
  /** @throws {CodedError} `query-failed`, `query-timeout`; the signal's reason when it was aborted. */
  evaluate(task: QueryTask): Promise<QueryAnswer>;
}

/** Computes on the spot: nothing else runs meanwhile, which is right for small queries only. */
export class InlineQueryEngine implements QueryEngine {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async evaluate({ fetched, timeoutMs, signal, ...options }: QueryTask): Promise<QueryAnswer> {
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    return answerQuery(fetched, options, () => {
      signal.throwIfAborted();
      if (this.#clock.monotonicMs() > deadlineMs) throw overdue();
    });
  }
}
