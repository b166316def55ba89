/** query, query_range and what belongs to expressions: format_query, parse_query. */
import {
  type Expr,
  formatExpression,
  instantQuery,
  parseExpression,
  type QueryOptions,
  type QueryResult,
  rangeQuery,
} from '@nowcast/promql';
import type { Context, Hono } from 'hono';
import { ApiError, badParameter, toApiError } from './api-error.ts';
import type { ApiContext } from './api-options.ts';
import { jsonResponse, success, successText } from './envelope.ts';
import { expressionTree } from './expression-tree.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { QueryGate } from './query-gate.ts';
import { limitResult } from './result-limit.ts';
import { valueText } from './result-text.ts';

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
  const options = queryOptions(context, c, { parameters, text: query.text });
  const result = await instantQuery(query.expr, timeMs, options);
  return respond(context, parameters, result);
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
  const options = queryOptions(context, c, { parameters, text: query.text });
  const result = await rangeQuery(query.expr, { startMs, endMs, stepMs }, options);
  return respond(context, parameters, result);
}

function parseQuery(
  { options }: ApiContext,
  parameters: Parameters,
): { readonly expr: Expr; readonly text: string } {
  const text = parameters.text('query') ?? '';
  try {
    const expr = parseExpression(text, { experimental: options.experimental ?? true });
    return { expr, text };
  } catch (error) {
    throw badParameter('query', toApiError(error).message);
  }
}

function queryOptions(
  { options, limits }: ApiContext,
  c: Context,
  { parameters, text }: { readonly parameters: Parameters; readonly text: string },
): QueryOptions {
  const timeoutMs = Math.min(
    parameters.durationMs('timeout') ?? limits.queryTimeoutMs,
    limits.queryTimeoutMs,
  );
  const deadlineMs = options.clock.monotonicMs() + timeoutMs;
  return {
    queryable: options.queryable,
    text,
    lookbackMs: parameters.durationMs('lookback_delta') ?? options.lookbackMs,
    samplesMax: limits.querySamplesMax,
    signal: c.req.raw.signal,
    isOverdue: () => options.clock.monotonicMs() > deadlineMs,
  };
}

function respond(context: ApiContext, parameters: Parameters, result: QueryResult): Response {
  const asked = parameters.limit('limit') ?? Infinity;
  const limited = limitResult(result, Math.min(asked, context.limits.seriesReturnedMax));
  const stats = parameters.text('stats') ? `,"stats":${statsText(result)}` : '';
  return jsonResponse(successText(`{${valueText(limited.value)}${stats}}`, limited), 200);
}

function statsText({ stats }: QueryResult): string {
  return JSON.stringify({
    timings: {},
    samples: {
      totalQueryableSamples: stats.samplesLoaded,
      peakSamples: stats.samplesLoaded,
    },
  });
}

function required(value: number | undefined, name: string, what: string): number {
  if (value === undefined) throw badParameter(name, `cannot parse "" to a valid ${what}`);
  return value;
}
