/** query, query_range and what belongs to expressions: format_query, parse_query. */
import { codeOf } from '@nowcast/model';
import {
  type Expr,
  fetchQuery,
  formatExpression,
  parseExpression,
  type QueryTimes,
} from '@nowcast/promql';
import type { Context, Hono } from 'hono';
import { ApiError, badParameter, toApiError } from './api-error.ts';
import type { ApiContext } from './api-options.ts';
import { jsonResponse, success, successText } from './envelope.ts';
import { expressionTree } from './expression-tree.ts';
import { type Parameters, readParameters } from './parameters.ts';
import type { QueryAnswer } from './query-answer.ts';
import { QueryTimings } from './query-timings.ts';
import { TRUNCATED } from './result-limit.ts';

export function addQueryRoutes(app: Hono, context: ApiContext): void {
  const both = ['GET', 'POST'];
  app.on(both, '/api/v1/query', async (c) => {
    const parameters = await readParameters(c);
    return measured(context, c, (timings) => answerInstant(context, c, { parameters, timings }));
  });
  app.on(both, '/api/v1/query_range', async (c) => {
    const parameters = await readParameters(c);
    return measured(context, c, (timings) => answerRange(context, c, { parameters, timings }));
  });
  app.on(both, '/api/v1/query_exemplars', async (c) => {
    parseQuery(context, await readParameters(c));
    return success([]);
  });
  app.on(both, '/api/v1/format_query', async (c) => {
    const { expr } = parseQuery(context, await readParameters(c));
    return success(formatExpression(expr));
  });
  app.on(both, '/api/v1/parse_query', async (c) => {
    const { expr } = parseQuery(context, await readParameters(c));
    return success(expressionTree(expr));
  });
}

async function answerInstant(
  context: ApiContext,
  c: Context,
  { parameters, timings }: QueryInput,
): Promise<Response> {
  const timeMs = parameters.timeMs('time') ?? context.options.clock.nowMs();
  const query = parseQuery(context, parameters);
  const steps = { startMs: timeMs, stepMs: 1, count: 1 };
  return run(context, c, { parameters, timings, query, times: { steps, isInstant: true } });
}

async function answerRange(
  context: ApiContext,
  c: Context,
  { parameters, timings }: QueryInput,
): Promise<Response> {
  const startMs = required(parameters.timeMs('start'), 'start', 'timestamp');
  const endMs = required(parameters.timeMs('end'), 'end', 'timestamp');
  if (endMs < startMs) throw badParameter('end', 'end timestamp must not be before start time');
  const stepMs = required(parameters.durationMs('step'), 'step', 'duration');
  if (stepMs <= 0)
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if ((endMs - startMs) / stepMs > context.limits.pointsMax) {
    context.metrics.limit('pointsMax');
    throw new ApiError(
      'bad_data',
      `exceeded maximum resolution of ${context.limits.pointsMax.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  const query = parseQuery(context, parameters);
  const steps = { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
  return run(context, c, { parameters, timings, query, times: { steps, isInstant: false } });
}

interface ParsedQuery {
  readonly expr: Expr;
  readonly text: string;
}

function parseQuery(context: ApiContext, parameters: Parameters): ParsedQuery {
  const text = parameters.text('query') ?? '';
  try {
    return { expr: parseExpression(text, { experimental: isExperimental(context) }), text };
  } catch (error) {
    throw badParameter('query', toApiError(error).message);
  }
}

function isExperimental({ options }: ApiContext): boolean {
  return options.experimental ?? true;
}

interface QueryInput {
  readonly parameters: Parameters;
  readonly timings: QueryTimings;
}

interface QueryRun extends QueryInput {
  readonly query: ParsedQuery;
  readonly times: QueryTimes;
}

async function run(
  context: ApiContext,
  c: Context,
  { parameters, timings, query, times }: QueryRun,
): Promise<Response> {
  const { options, limits, engine, metrics } = context;
  const asked = parameters.durationMs('timeout') ?? Infinity;
  const deadlineMs = options.clock.monotonicMs() + Math.min(asked, limits.queryTimeoutMs);
  const seriesMax = Math.min(parameters.limit('limit') ?? Infinity, limits.seriesReturnedMax);
  const { signal } = c.req.raw;
  const fetched = await fetchQuery(query.expr, times, {
    queryable: options.queryable,
    text: query.text,
    lookbackMs: parameters.durationMs('lookback_delta') ?? options.lookbackMs,
    samplesMax: limits.querySamplesMax,
    signal,
  });
  timings.fetched();
  const answer = await engine.evaluate({
    fetched,
    experimental: isExperimental(context),
    seriesMax,
    timeoutMs: deadlineMs - options.clock.monotonicMs(),
    signal,
  });
  metrics.samplesLoaded.add(answer.samplesLoaded);
  if (answer.warnings.includes(TRUNCATED) && seriesMax === limits.seriesReturnedMax)
    metrics.limit('seriesReturnedMax');
  const stats = parameters.text('stats') ? `,"stats":${statsText(answer, timings)}` : '';
  return jsonResponse(successText(`{${answer.text}${stats}}`, answer), 200);
}

function statsText({ samplesLoaded }: QueryAnswer, timings: QueryTimings): string {
  const samples = { totalQueryableSamples: samplesLoaded, peakSamples: samplesLoaded };
  return JSON.stringify({ timings: timings.seconds(), samples });
}

/** Runs a query in its turn and counts how it ended. */
async function measured(
  { gate, metrics, options }: ApiContext,
  c: Context,
  query: (timings: QueryTimings) => Promise<Response>,
): Promise<Response> {
  const timings = new QueryTimings(options.clock);
  let ending = 'success';
  try {
    return await gate.run(() => {
      timings.admitted();
      return query(timings);
    }, c.req.raw.signal);
  } catch (error) {
    ending = toApiError(error).type;
    const code = codeOf(error);
    if (code === 'too-many-samples') metrics.limit('querySamplesMax');
    else if (code === 'query-timeout') metrics.limit('queryTimeoutMs');
    throw error;
  } finally {
    metrics.queries.add(1, { outcome: ending });
    metrics.querySeconds.observe(timings.seconds().execTotalTime);
  }
}

function required(value: number | undefined, name: string, what: string): number {
  if (value === undefined) throw badParameter(name, `cannot parse "" to a valid ${what}`);
  return value;
}
