import { evaluateFetched, type FetchedQuery, parseExpression } from '@nowcast/promql';
import { limitResult } from './result-limit.ts';
import { valueText } from './result-text.ts';

/** A result as it goes to the client: computed and written in one place, wherever that is. */
export interface QueryAnswer {
  /** The members `resultType` and `result` of `data`, as JSON text. */
  readonly text: string;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly samplesLoaded: number;
}

export interface AnswerOptions {
  readonly experimental: boolean;
  readonly seriesMax: number;
}

/** @param check called about once per series; throws to give up. */
export function answerQuery(
  fetched: FetchedQuery,
  { experimental, seriesMax }: AnswerOptions,
  check: () => void,
): QueryAnswer {
  const expr = parseExpression(fetched.text, { experimental });
  const result = evaluateFetched(expr, fetched, check);
  const { value, warnings, infos } = limitResult(result, seriesMax);
  return { text: valueText(value), warnings, infos, samplesLoaded: result.stats.samplesLoaded };
}
