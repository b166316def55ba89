/** The same samples and the same random expressions to a real Prometheus and to ours: equal answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiServer } from '../packages/hub/test/api-fixture.ts';
import { hasPrometheus, PrometheusProcess } from './fixtures/prometheus-process.ts';
import { comparableExpression } from '../packages/promql/test/random-expression.ts';
import { randomSeries } from '../packages/promql/test/random-series.ts';
import { remoteWrite } from '../packages/hub/test/remote-write-client.ts';

const SEED = Number(process.env['PROMQL_SEED'] ?? 20_260_101);
const EXPRESSIONS = Number(process.env['PROMQL_EXPRESSIONS'] ?? 300);

describe.skipIf(!hasPrometheus)('against Prometheus', () => {
  test(`${EXPRESSIONS} random expressions, seed ${SEED}`, async () => {
    await using prometheus = await PrometheusProcess.start();
    await using ours = await ApiServer.start();
    const endMs = Date.now();
    const series = randomSeries(endMs, SEED);
    await remoteWrite(prometheus.url, series);
    await remoteWrite(ours.url, series);
    // Half a second beside the whole ones: subquery steps never fall on the edge of their range.
    const atS = Math.floor(endMs / 60_000) * 60 - 900 + 1.5;
    const differences: string[] = [];
    for (const query of fc.sample(comparableExpression, { seed: SEED, numRuns: EXPRESSIONS })) {
      const instant = `query?${new URLSearchParams({ query, time: String(atS) }).toString()}`;
      const range = { query, start: String(atS - 600), end: String(atS), step: '60' };
      const matrix = `query_range?${new URLSearchParams(range).toString()}`;
      for (const path of [instant, matrix]) {
        const [theirs, mine] = await Promise.all([ask(prometheus.url, path), ask(ours.url, path)]);
        const difference = compare(theirs, mine);
        if (difference !== undefined) differences.push(`${query}\n  ${difference}`);
      }
    }
    expect(differences).toEqual([]);
  });
});

interface Answer {
  readonly status: 'success' | 'error';
  readonly error?: string | undefined;
  readonly data?: { readonly result: readonly Series[] } | undefined;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string] | undefined;
  readonly values?: readonly (readonly [number, string])[] | undefined;
}

async function ask(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${path}`);
  return (await response.json()) as Answer;
}

function compare(theirs: Answer, mine: Answer): string | undefined {
  if (theirs.status !== mine.status)
    return `theirs ${theirs.status} ${theirs.error ?? ''}, ours ${mine.status} ${mine.error ?? ''}`;
  if (theirs.status === 'error') return undefined;
  const left = byLabels(theirs);
  const right = byLabels(mine);
  for (const [key, points] of left) {
    const ours = right.get(key);
    if (!ours) return `we lack ${key}`;
    if (points.length !== ours.length)
      return `${key}: ${points.length} points, ours ${ours.length}`;
    for (let at = 0; at < points.length; at++) {
      const [time, value] = points[at] as readonly [number, string];
      const [ourTime, ourValue] = ours[at] as readonly [number, string];
      if (time !== ourTime || !nearlyEqual(value, ourValue))
        return `${key} at ${time}: ${value}, ours ${ourValue} at ${ourTime}`;
    }
  }
  for (const key of right.keys()) if (!left.has(key)) return `we have ${key} too many`;
  return undefined;
}

function byLabels({ data }: Answer): Map<string, readonly (readonly [number, string])[]> {
  return new Map(
    (data?.result ?? []).map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))),
      values ?? (value ? [value] : []),
    ]),
  );
}

/** Newer Prometheus adds with compensation, the one compared with does not: the last digits may differ. */
function nearlyEqual(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [Number(a.replace('Inf', 'Infinity')), Number(b.replace('Inf', 'Infinity'))];
  return Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y)) + 1e-9;
}
