/** How a long range is asked for: few points, whatever the range, and metric names that survive the functions. */
import { METRIC_NAME } from '@nowcast/model';
import type { PastSeries } from './past-stream.ts';
import { selectorOf, type PastMetrics } from './topics.ts';

export interface RangeQuery {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Carries the metric's name through functions that drop it. */
const NAME_LABEL = 'of_metric';

/** Step of each range over 15 minutes, in milliseconds: some 300 points, one for two pixels of a tile. */
const STEPS_MS: Readonly<Record<number, number>> = {
  60: 15_000,
  360: 60_000,
  1_440: 300_000,
  10_080: 1_800_000,
  43_200: 7_200_000,
};

/** Undefined for ranges short enough to be shown sample by sample. */
export function stepOf(windowMinutes: number): number | undefined {
  return STEPS_MS[windowMinutes];
}

/** The queries for a topic of a host; none where it shows no past. */
export function pastQueries(
  { counters, gauges }: PastMetrics,
  instance: string,
  stepMs: number,
): readonly string[] {
  const range = `[${stepMs}ms]`;
  const queries: string[] = [];
  if (counters.length > 0)
    queries.push(`last_over_time(${selectorOf(counters, instance)}${range})`);
  const averages = gauges.map(
    (name) =>
      `label_replace(avg_over_time(${selectorOf([name], instance)}${range}), "${NAME_LABEL}", "${name}", "", "")`,
  );
  if (averages.length > 0) queries.push(averages.join(' or '));
  return queries;
}

/** Whole steps up to the last that has ended. */
export function rangeOf(
  query: string,
  stepMs: number,
  window: { readonly nowMs: number; readonly windowMs: number },
): RangeQuery {
  const endMs = Math.floor(window.nowMs / stepMs) * stepMs;
  // One more step than is shown: a rate needs a value to start from.
  return { query, startMs: endMs - window.windowMs - stepMs, endMs, stepMs };
}

interface Matrix {
  readonly status: string;
  readonly error?: string | undefined;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [seconds: number, value: string])[];
    }[];
  };
}

/** The series of an answer of `/api/v1/query_range`. @throws {Error} with the hub's words */
export function readMatrix(answer: unknown): readonly PastSeries[] {
  const { status, data, error } = answer as Matrix;
  if (status !== 'success' || data === undefined) throw new Error(error ?? 'no answer');
  return data.result.map(({ metric, values }) => {
    const { [NAME_LABEL]: name, ...labels } = metric;
    return {
      labels: name === undefined ? labels : { ...labels, [METRIC_NAME]: name },
      timesMs: values.map(([seconds]) => Math.round(seconds * 1_000)),
      values: values.map(([, value]) => Number(value)),
    };
  });
}
