/** series, labels, label values and metadata: what there is, without samples. */
import type { LabelRequest } from '@nowcast/model';
import type { Hono } from 'hono';
import { ApiError } from './api-error.ts';
import type { ApiContext } from './api-options.ts';
import { jsonResponse, success, successText } from './envelope.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { TRUNCATED } from './result-limit.ts';
import { labelsText } from './result-text.ts';

export function addSeriesRoutes(app: Hono, context: ApiContext): void {
  const { queryable } = context.options;
  const both = ['GET', 'POST'];
  app.on(both, '/api/v1/series', async (c) => {
    const parameters = await readParameters(c);
    if (parameters.all('match[]').length === 0)
      throw new ApiError('bad_data', 'no match[] parameter provided');
    const found = await queryable.labelSets(labelRequest(parameters, c.req.raw.signal));
    const { items, warnings } = truncate(found, seriesMax(context, parameters));
    return jsonResponse(successText(`[${items.map(labelsText).join(',')}]`, { warnings }), 200);
  });
  app.on(both, '/api/v1/labels', async (c) => {
    const parameters = await readParameters(c);
    const names = await queryable.labelNames(labelRequest(parameters, c.req.raw.signal));
    const { items, warnings } = truncate(names, seriesMax(context, parameters));
    return success(items, { warnings });
  });
  app.get('/api/v1/label/:name/values', async (c) => {
    const parameters = await readParameters(c);
    const name = decodeName(c.req.param('name'));
    const values = await queryable.labelValues(name, labelRequest(parameters, c.req.raw.signal));
    const { items, warnings } = truncate(values, seriesMax(context, parameters));
    return success(items, { warnings });
  });
  app.get('/api/v1/metadata', async (c) => success(metadata(context, await readParameters(c))));
  app.get('/api/v1/targets/metadata', () => success([]));
}

function labelRequest(parameters: Parameters, signal: AbortSignal): LabelRequest {
  return { ...parameters.range(), matcherSets: parameters.matcherSets(), signal };
}

function seriesMax({ limits }: ApiContext, parameters: Parameters): number {
  return Math.min(parameters.limit('limit') ?? Infinity, limits.seriesReturnedMax);
}

function truncate<T>(
  items: readonly T[],
  max: number,
): { readonly items: readonly T[]; readonly warnings: readonly string[] } {
  if (items.length <= max) return { items, warnings: [] };
  return { items: items.slice(0, max), warnings: [TRUNCATED] };
}

/** Names that are not classic may come as Prometheus escapes them: `U__a_2e_b`. */
function decodeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  return name
    .slice(3)
    .replaceAll(/__|_([0-9a-fA-F]{1,6})_/g, (whole, code?: string) =>
      code === undefined ? '_' : characterOf(code, whole),
    );
}

function characterOf(code: string, otherwise: string): string {
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : otherwise;
}

interface MetadataEntry {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** There is one entry to a metric here, so `limit_per_metric` decides between it and none. */
function metadata(
  { options, metadata: book }: ApiContext,
  parameters: Parameters,
): Readonly<Record<string, readonly MetadataEntry[]>> {
  const wanted = parameters.text('metric');
  const limit = signedLimit(parameters, 'limit');
  const perMetric = signedLimit(parameters, 'limit_per_metric');
  const answer: Record<string, readonly MetadataEntry[]> = {};
  let count = 0;
  for (const [name, known] of book.with(options.metadata?.() ?? new Map())) {
    if (wanted !== undefined && wanted !== '' && name !== wanted) continue;
    if (count++ >= limit) break;
    const { type = 'unknown', help = '', unit = '' } = known;
    answer[name] = [{ type, help, unit }].slice(0, perMetric);
  }
  return answer;
}

/** As Prometheus reads these two: a negative number means no limit, and zero means none at all. */
function signedLimit(parameters: Parameters, name: string): number {
  const text = parameters.text(name) ?? '';
  if (text === '') return Infinity;
  if (!/^-?\d+$/.test(text)) throw new ApiError('bad_data', `${name} must be a number`);
  return Number(text) < 0 ? Infinity : Number(text);
}
