import { LabelSet, type SeriesData } from '@nowcast/model';
import { evaluateFetched, type FetchedQuery, parseExpression } from '@nowcast/promql';
import { systemClock } from '@nowcast/std';
import { describe, expect, test } from 'vitest';
import type { QueryTask } from './query-engine.ts';
import { ThreadedQueryEngine } from './query-thread.ts';
import { valueText } from './result-text.ts';

/** Large enough for the thread. */
function fetched(text: string): FetchedQuery {
  const series: SeriesData[] = Array.from({ length: 200 }, (_, at) => ({
    labels: LabelSet.from({ __name__: 'x_total', n: `${at}`, job: `${at % 3}` }),
    timesMs: Float64Array.from({ length: 300 }, (_, step) => step * 15_000),
    values: Float64Array.from({ length: 300 }, (_, step) => step * at),
  }));
  return {
    text,
    steps: { startMs: 600_000, stepMs: 30_000, count: 100 },
    isInstant: false,
    lookbackMs: 300_000,
    defaultStepMs: 60_000,
    selections: [series],
    warnings: ['of the store'],
  };
}

function task(text: string, more: Partial<QueryTask> = {}): QueryTask {
  const { signal } = new AbortController();
  return {
    fetched: fetched(text),
    experimental: true,
    seriesMax: 100,
    timeoutMs: 60_000,
    signal,
    ...more,
  };
}

async function withEngine(use: (engine: ThreadedQueryEngine) => Promise<void>): Promise<void> {
  const engine = new ThreadedQueryEngine(systemClock);
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
}

describe('the query thread', () => {
  test('answers what is computed on the spot', async () => {
    await withEngine(async (engine) => {
      const query = 'sum by (job) (rate(x_total[5m]))';
      const here = evaluateFetched(parseExpression(query), fetched(query), () => undefined);
      const answer = await engine.evaluate(task(query));
      expect(answer.text).toBe(valueText(here.value));
      expect(answer.warnings).toEqual(['of the store']);
      expect(answer.samplesLoaded).toBe(60_000);
    });
  });

  test('leaves this thread free meanwhile', async () => {
    await withEngine(async (engine) => {
      const order: string[] = [];
      const slow = engine.evaluate(task('quantile_over_time(0.5, x_total[1h])'));
      const done = slow.then(() => order.push('query'));
      await new Promise((resolve) => setImmediate(resolve));
      order.push('live');
      await done;
      expect(order).toEqual(['live', 'query']);
    });
  });

  test('says how many series it left out', async () => {
    await withEngine(async (engine) => {
      const { warnings } = await engine.evaluate(task('x_total', { seriesMax: 5 }));
      expect(warnings).toContain('results truncated due to limit');
    });
  });

  test('passes failures on with their codes', async () => {
    await withEngine(async (engine) => {
      const failing = engine.evaluate(task('label_replace(x_total, "", "", "", "")'));
      await expect(failing).rejects.toMatchObject({ code: 'query-failed' });
      const late = engine.evaluate(task('rate(x_total[5m])', { timeoutMs: -1 }));
      await expect(late).rejects.toMatchObject({ code: 'query-timeout' });
    });
  });

  test('ends what is under way when nobody waits for it', async () => {
    await withEngine(async (engine) => {
      const controller = new AbortController();
      const long = fetched('quantile_over_time(0.5, x_total[1h])');
      // Left alone, this takes minutes; what comes after it would wait as long.
      const steps = { startMs: 0, stepMs: 10, count: 400_000 };
      const given = engine.evaluate(
        task(long.text, { fetched: { ...long, steps }, signal: controller.signal }),
      );
      controller.abort(new Error('the client has gone'));
      await expect(given).rejects.toThrow('the client has gone');
      expect((await engine.evaluate(task('x_total'))).samplesLoaded).toBe(60_000);
    });
  });

  test('rejects what is under way when it is closed', async () => {
    const engine = new ThreadedQueryEngine(systemClock);
    const given = engine.evaluate(task('quantile_over_time(0.5, x_total[1h])'));
    const rejected = expect(given).rejects.toThrow('the query thread ended');
    await engine.close();
    await rejected;
  });
});
