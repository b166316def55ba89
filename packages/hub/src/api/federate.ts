/** /federate: the newest sample of each selected series in the text exposition format. */
import {
  compareLabels,
  formatValue,
  isStaleMarker,
  type LabelSet,
  type Matcher,
  METRIC_NAME,
} from '@nowcast/model';
import { LOOKBACK_DEFAULT_MS } from '@nowcast/promql';
import type { Hono } from 'hono';
import type { ApiContext } from './api-options.ts';
import { readParameters } from './parameters.ts';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

interface Line {
  readonly labels: LabelSet;
  readonly value: number;
  readonly timeMs: number;
}

export function addFederateRoute(app: Hono, context: ApiContext): void {
  app.get('/federate', async (c) => {
    const parameters = await readParameters(c);
    const lines = new Map<string, Line>();
    for (const matchers of parameters.matcherSets())
      for (const line of await newest(context, matchers, c.req.raw.signal))
        lines.set(line.labels.key, line);
    const sorted = [...lines.values()].sort((a, b) => compareLabels(a.labels, b.labels));
    return c.body(exposition(sorted, context), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  });
}

async function newest(
  { options, limits }: ApiContext,
  matchers: readonly Matcher[],
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const endMs = options.clock.nowMs();
  const startMs = endMs - (options.lookbackMs ?? LOOKBACK_DEFAULT_MS) + 1;
  const { series } = await options.queryable.select({
    matchers,
    startMs,
    endMs,
    signal,
    samplesMax: limits.querySamplesMax,
  });
  const lines: Line[] = [];
  for (const { labels, timesMs, values } of series) {
    const value = values.at(-1);
    if (value === undefined || isStaleMarker(value)) continue;
    lines.push({ labels, value, timeMs: timesMs.at(-1) as number });
  }
  return lines;
}

function exposition(lines: readonly Line[], { options, metadata: book }: ApiContext): string {
  const metadata = book.with(options.metadata?.() ?? new Map());
  let text = '';
  let metric: string | undefined;
  for (const { labels, value, timeMs } of lines) {
    if (labels.metric === '') continue;
    if (labels.metric !== metric) {
      metric = labels.metric;
      const type = metadata?.get(metric)?.type ?? 'untyped';
      if (METRIC.test(metric))
        text += `# TYPE ${metric} ${type === 'unknown' ? 'untyped' : type}\n`;
    }
    text += `${seriesText(labels)} ${formatValue(value)} ${timeMs}\n`;
  }
  return text;
}

function seriesText(labels: LabelSet): string {
  const pairs = [...labels].filter(([name]) => name !== METRIC_NAME);
  const parts = pairs.map(
    ([name, value]) => `${LABEL_NAME.test(name) ? name : quote(name)}=${quote(value)}`,
  );
  if (METRIC.test(labels.metric))
    return parts.length === 0 ? labels.metric : `${labels.metric}{${parts.join(',')}}`;
  return `{${[quote(labels.metric), ...parts].join(',')}}`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
