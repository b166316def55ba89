/** query, query_range and what belongs to expressions: format_query, parse_query. */
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
import { QueryGate } from './query-gate.ts';

export function addQueryRoutes(app: Hono, context: ApiContext): void {
  const { queriesAtOnceMax: atOnceMax, queriesWaitingMax: waitingMax } = context.limits;
  const gate = new QueryGate({ atOnceMax, waitingMax });
  const both = ['GET', 'POST'];
  app.on(both, '/api/v1/query', async (c) => {
    const parameters = await readParameters(c);
    return gate.run(() => answerInstant(context, c, parameters));
  });
  app.on(both, '/api/v1/query_range', async (c) => {
    const parameters = await readParameters(c);
    return gate.run(() => answerRange(context, c, parameters));
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
  parameters: Parameters,
): Promise<Response> {
  const timeMs = parameters.timeMs('time') ?? context.options.clock.nowMs();
  const query = parseQuery(context, parameters);
  const steps = { startMs: timeMs, stepMs: 1, count: 1 };
  return run(context, c, { parameters, query, times: { steps, isInstant: true } });
}

async function answerRange(
  context: ApiContext,
  c: Context,
  parameters: Parameters,
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
  if ((endMs - startMs) / stepMs > context.limits.pointsMax)
    throw new ApiError(
      'bad_data',
      `exceeded maximum resolution of ${context.limits.pointsMax.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  const query = parseQuery(context, parameters);
  const steps = { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
  return run(context, c, { parameters, query, times: { steps, isInstant: false } });
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

interface QueryRun {
  readonly parameters: Parameters;
  readonly query: ParsedQuery;
  readonly times: QueryTimes;
}

async function run(
  context: ApiContext,
  c: Context,
  { parameters, query, times }: QueryRun,
): Promise<Response> {
  const { options, limits, engine } = context;
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
  const answer = await engine.evaluate({
    fetched,
    experimental: isExperimental(context),
    seriesMax,
    timeoutMs: deadlineMs - options.clock.monotonicMs(),
    signal,
  });
  const stats = parameters.text('stats') ? `,"stats":${statsText(answer)}` : '';
  return jsonResponse(successText(`{${answer.text}${stats}}`, answer), 200);
}

function statsText({ samplesLoaded }: QueryAnswer): string {
  const samples = { totalQueryableSamples: samplesLoaded, peakSamples: samplesLoaded };
  return JSON.stringify({ timings: {}, samples });
}

function required(value: number | undefined, name: string, what: string): number {
  if (value === undefined) throw badParameter(name, `cannot parse "" to a valid ${what}`);
  return value;
}
