/** From an expression and a store to a result: fetch what the plan names, evaluate, shape the answer. */
import {
  CodedError,
  compareLabels,
  LabelSet,
  type Queryable,
  type SeriesData,
} from '@nowcast/model';
import { type Expr, unwrap } from '../ast/expr.ts';
import type { VectorSelector } from '../ast/vector-selector.ts';
import { typeOf } from '../check/check.ts';
import { typeName } from '../check/value-type.ts';
import { Annotations } from './annotations.ts';
import { type Column, fullColumn, type Value } from './column.ts';
import type { EvalContext } from './context.ts';
import { evalRange, evaluate } from './evaluate.ts';
import { type Grid, timeAt } from './grid.ts';
import type { QueryResult, QueryStats, QueryValue } from './query-result.ts';
import { createWindows, slideWindows } from './range-vector.ts';
import { type PlannedSelect, planSelects } from './selects.ts';

export const LOOKBACK_DEFAULT_MS = 300_000;
export const SUBQUERY_STEP_DEFAULT_MS = 60_000;
/** As many as Prometheus allows by default. */
const SAMPLES_MAX_DEFAULT = 50_000_000;
/** Asking the time costs more than a series of a small query; not every series asks. */
const CHECK_EVERY = 16;

export interface QueryOptions {
  readonly queryable: Queryable;
  /** The text the expression was read from, for positions in annotations. */
  readonly text?: string | undefined;
  /** How old a sample may be and still count for an instant; default 5 minutes. */
  readonly lookbackMs?: number | undefined;
  /** The step of subqueries that name none; default 1 minute. */
  readonly defaultStepMs?: number | undefined;
  /** Over this many samples read the query fails with `too-many-samples`. */
  readonly samplesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** True once the query's time is up; asked now and then during evaluation. */
  readonly isOverdue?: (() => boolean) | undefined;
}

/** Evaluates a checked expression at one instant. */
export async function instantQuery(
  expr: Expr,
  timeMs: number,
  options: QueryOptions,
): Promise<QueryResult> {
  const steps: Grid = { startMs: timeMs, stepMs: 1, count: 1 };
  const fetched = await fetchQuery(expr, { steps, isInstant: true }, options);
  return evaluateFetched(expr, fetched, checker(options));
}

/**
 * Evaluates a checked expression at `startMs`, `startMs + stepMs` … up to `endMs`.
 * @throws {CodedError} `bad-query` for strings and range vectors, which have no value per step.
 */
export async function rangeQuery(
  expr: Expr,
  range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
  options: QueryOptions,
): Promise<QueryResult> {
  const count = Math.floor((range.endMs - range.startMs) / range.stepMs) + 1;
  const steps: Grid = { startMs: range.startMs, stepMs: range.stepMs, count };
  const fetched = await fetchQuery(expr, { steps, isInstant: false }, options);
  return evaluateFetched(expr, fetched, checker(options));
}

/** When an expression is to be evaluated. */
export interface QueryTimes {
  readonly steps: Grid;
  /** One instant, answered as a vector, not as a matrix of one step. */
  readonly isInstant: boolean;
}

/** All that an evaluation needs, apart from the expression: plain data that a thread can be sent. */
export interface FetchedQuery extends QueryTimes {
  readonly text: string;
  readonly lookbackMs: number;
  readonly defaultStepMs: number;
  /** What each read gave, in the order of the plan. */
  readonly selections: readonly (readonly SeriesData[])[];
  /** What the store said beside the data. */
  readonly warnings: readonly string[];
}

/** The first half of a query: reads what the expression needs. */
export async function fetchQuery(
  expr: Expr,
  times: QueryTimes,
  options: QueryOptions,
): Promise<FetchedQuery> {
  const type = typeOf(expr);
  if (!times.isInstant && type !== 'vector' && type !== 'scalar')
    throw new CodedError(
      'bad-query',
      `invalid expression type "${typeName(type)}" for range query, must be Scalar or instant Vector`,
    );
  const lookbackMs = options.lookbackMs ?? LOOKBACK_DEFAULT_MS;
  const defaultStepMs = options.defaultStepMs ?? SUBQUERY_STEP_DEFAULT_MS;
  const { steps } = times;
  const plans = planSelects(expr, { query: steps, grid: steps, lookbackMs, defaultStepMs });
  const { selections, warnings } = await fetchAll(plans, options);
  const text = options.text ?? '';
  return { ...times, text, lookbackMs, defaultStepMs, selections, warnings };
}

/**
 * The second half: computes, without waiting for anything.
 * @param check called now and then; throws to end the evaluation.
 */
export function evaluateFetched(expr: Expr, fetched: FetchedQuery, check: () => void): QueryResult {
  const { steps, text, lookbackMs, defaultStepMs } = fetched;
  const frame = { query: steps, grid: steps, lookbackMs, defaultStepMs };
  const data = new Map<VectorSelector, readonly SeriesData[]>();
  planSelects(expr, frame).forEach(({ selector }, at) => {
    data.set(selector, fetched.selections[at] ?? []);
  });
  const annotations = new Annotations(text);
  for (const warning of fetched.warnings) annotations.pass(warning);
  const context: EvalContext = { ...frame, text, data, annotations, check };
  const inner = unwrap(expr);
  const value = fetched.isInstant
    ? typeOf(inner) === 'matrix'
      ? rangeMatrix(context, inner)
      : instantValue(evaluate(context, inner), steps.startMs)
    : matrixValue(evaluate(context, inner), steps);
  const { warnings, infos } = annotations;
  return { value, warnings, infos, stats: statsOf(fetched) };
}

async function fetchAll(
  plans: readonly PlannedSelect[],
  options: QueryOptions,
): Promise<Pick<FetchedQuery, 'selections' | 'warnings'>> {
  const samplesMax = options.samplesMax ?? SAMPLES_MAX_DEFAULT;
  const selections: (readonly SeriesData[])[] = [];
  const warnings: string[] = [];
  let left = samplesMax;
  for (const { selector, startMs, endMs } of plans) {
    // Without a step: the answer must come from the samples themselves, never from rollups of them.
    const result = await options.queryable.select({
      matchers: selector.matchers,
      startMs,
      endMs,
      signal: options.signal,
      samplesMax: left,
    });
    warnings.push(...result.warnings);
    for (const series of result.series) left -= series.timesMs.length;
    if (left < 0)
      throw new CodedError(
        'too-many-samples',
        `query processing would load too many samples into memory: over ${samplesMax}; narrow the selector or shorten the range`,
        { details: { samplesMax } },
      );
    selections.push(result.series);
  }
  return { selections, warnings };
}

function statsOf({ selections }: FetchedQuery): QueryStats {
  let samplesLoaded = 0;
  let seriesLoaded = 0;
  for (const series of selections) {
    seriesLoaded += series.length;
    for (const { timesMs } of series) samplesLoaded += timesMs.length;
  }
  return { samplesLoaded, seriesLoaded };
}

/** Looks at the options' signal and time, but not at every call. */
function checker({ signal, isOverdue }: QueryOptions): () => void {
  let calls = 0;
  return () => {
    if (calls++ % CHECK_EVERY !== 0) return;
    signal?.throwIfAborted();
    if (isOverdue?.() === true) throw overdue();
  };
}

/** The error of an evaluation whose time is up. */
export function overdue(): CodedError<'query-timeout'> {
  return new CodedError('query-timeout', 'query timed out in expression evaluation');
}

function instantValue(value: Value, timeMs: number): QueryValue {
  if (value.type === 'string') return { type: 'string', timeMs, value: value.value };
  if (value.type === 'scalar') return { type: 'scalar', timeMs, value: value.values[0] as number };
  const samples = value.columns
    .filter((column) => column.present[0] === 1)
    .map((column) => ({ labels: column.labels, value: column.values[0] as number }));
  return { type: 'vector', timeMs, samples };
}

function matrixValue(value: Value, grid: Grid): QueryValue {
  if (value.type === 'string') return { type: 'matrix', series: [] };
  const columns: readonly Column[] =
    value.type === 'vector' ? value.columns : [scalarColumn(value.values)];
  const series = columns.map((column) => columnSeries(column, grid));
  return { type: 'matrix', series: orderSeries(series) };
}

function scalarColumn(values: Float64Array): Column {
  return fullColumn(LabelSet.EMPTY, values);
}

function columnSeries({ labels, values, present }: Column, grid: Grid): SeriesData {
  let length = 0;
  for (const one of present) length += one;
  const series = { labels, timesMs: new Float64Array(length), values: new Float64Array(length) };
  for (let step = 0, at = 0; step < grid.count; step++) {
    if (present[step] === 0) continue;
    series.timesMs[at] = timeAt(grid, step);
    series.values[at++] = values[step] as number;
  }
  return series;
}

/** The raw samples a range vector holds at the instant. */
function rangeMatrix(context: EvalContext, expr: Expr): QueryValue {
  const range = evalRange(context, expr);
  const windows = createWindows(1);
  const series = range.series.map(({ labels, timesMs, values }) => {
    slideWindows(timesMs, range, windows);
    const [from, to] = [windows.from[0], windows.to[0]];
    return { labels, timesMs: timesMs.slice(from, to), values: values.slice(from, to) };
  });
  return { type: 'matrix', series: orderSeries(series) };
}

function orderSeries(series: readonly SeriesData[]): readonly SeriesData[] {
  return series
    .filter(({ timesMs }) => timesMs.length > 0)
    .sort((a, b) => compareLabels(a.labels, b.labels));
}
