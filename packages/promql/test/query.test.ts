import { CodedError, LabelSet, sameBits } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantQuery, parseExpression, type QueryValue, rangeQuery } from '../src/index.ts';
import { MemoryQueryable } from './memory-queryable.ts';
import { comparableExpression } from './random-expression.ts';
import { randomSeries } from './random-series.ts';

const END_MS = Date.UTC(2026, 0, 1, 12);

function stored(): MemoryQueryable {
  const queryable = new MemoryQueryable();
  for (const series of randomSeries(END_MS, 1)) queryable.set(series);
  return queryable;
}

test('a step is the same bit for bit whatever query it is in', async () => {
  const queryable = stored();
  // What means the ends of the query differs with them.
  const expressions = comparableExpression.filter((text) => !text.includes('@'));
  await fc.assert(
    fc.asyncProperty(expressions, async (text) => {
      const expr = parseExpression(text);
      const range = { startMs: END_MS - 600_000, endMs: END_MS - 300_000, stepMs: 60_000 };
      const asked = async (query: () => Promise<{ value: QueryValue }>): Promise<QueryValue> =>
        (await query()).value;
      const failed = (error: unknown): string => (error as Error).message;
      const matrix = await asked(() => rangeQuery(expr, range, { queryable })).catch(failed);
      for (let timeMs = range.startMs; timeMs <= range.endMs; timeMs += range.stepMs) {
        const instant = await asked(() => instantQuery(expr, timeMs, { queryable })).catch(failed);
        // A range fails where any of its steps does.
        if (typeof matrix === 'string') return;
        expect(typeof instant).not.toBe('string');
        compareAt(matrix, instant as QueryValue, timeMs);
      }
    }),
    { numRuns: 200 },
  );
});

function compareAt(matrix: QueryValue, instant: QueryValue, timeMs: number): void {
  if (matrix.type !== 'matrix' || instant.type !== 'vector') throw new Error('unexpected types');
  const column = new Map<string, number>();
  for (const { labels, timesMs, values } of matrix.series) {
    const at = timesMs.indexOf(timeMs);
    if (at >= 0) column.set(labels.key, values[at] as number);
  }
  expect([...column.keys()].sort()).toEqual(instant.samples.map(({ labels }) => labels.key).sort());
  for (const { labels, value } of instant.samples)
    expect(sameBits(value, column.get(labels.key) as number)).toBe(true);
}

describe('reading', () => {
  test('each selector once, however many steps', async () => {
    const queryable = stored();
    const expr = parseExpression('sum(rate(requests_total[5m])) / sum(memory_bytes)');
    const range = { startMs: END_MS - 3_600_000, endMs: END_MS, stepMs: 15_000 };
    const { stats } = await rangeQuery(expr, range, { queryable });
    expect(queryable.selects).toBe(2);
    expect(stats.seriesLoaded).toBe(18);
  });

  test('no more samples than allowed', async () => {
    const queryable = stored();
    const query = instantQuery(parseExpression('requests_total[30m]'), END_MS, {
      queryable,
      samplesMax: 100,
    });
    await expect(query).rejects.toMatchObject({
      code: 'too-many-samples',
      details: { samplesMax: 100 },
    });
  });

  test('not after it was cancelled', async () => {
    const queryable = stored();
    const signal = AbortSignal.abort(new Error('gone'));
    const query = instantQuery(parseExpression('up'), END_MS, { queryable, signal });
    await expect(query).rejects.toThrow('gone');
  });

  test('no longer than it may', async () => {
    const queryable = stored();
    const isOverdue = (): boolean => true;
    const query = instantQuery(parseExpression('sum(memory_bytes)'), END_MS, {
      queryable,
      isOverdue,
    });
    await expect(query).rejects.toBeInstanceOf(CodedError);
    await expect(query).rejects.toMatchObject({ code: 'query-timeout' });
  });
});

test('strings and range vectors have no value per step', async () => {
  const range = { startMs: 0, endMs: 60_000, stepMs: 30_000 };
  const query = rangeQuery(parseExpression('up[5m]'), range, { queryable: stored() });
  await expect(query).rejects.toThrow('invalid expression type "range vector" for range query');
});

test('remarks say where', async () => {
  const queryable = stored();
  const text = 'sum(\n  rate(temperature[5m]))';
  const { infos } = await instantQuery(parseExpression(text), END_MS, { queryable, text });
  expect(infos).toEqual([
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "temperature" (2:8)',
  ]);
});

test('a matrix is ordered by labels', async () => {
  const queryable = new MemoryQueryable();
  for (const n of ['b', 'a', 'c'])
    queryable.set({
      labels: LabelSet.from({ __name__: 'x', n }),
      timesMs: Float64Array.of(0),
      values: Float64Array.of(1),
    });
  const range = { startMs: 0, endMs: 0, stepMs: 1 };
  const { value } = await rangeQuery(parseExpression('sort_desc(x)'), range, { queryable });
  expect(value.type === 'matrix' && value.series.map(({ labels }) => labels.get('n'))).toEqual([
    'a',
    'b',
    'c',
  ]);
});
