/**
 * Whatever samples come, in whatever order: each closed step in the ring is what a range query over the store gives for
 * it, bit for bit, and the open step is what an instant query gives for the time it was evaluated at.
 */
import { type LabelSet, matchesAll, sameBits, type SeriesData, STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryQueryable } from '../../test/memory-queryable.ts';
import { comparableExpression } from '../../test/random-expression.ts';
import { randomSeries } from '../../test/random-series.ts';
import { instantQuery, rangeQuery } from '../eval/query.ts';
import type { QueryValue } from '../eval/query-result.ts';
import type { ResultRow } from './result-ring.ts';
import { SampleWindow } from './sample-window.ts';
import { readStandingExpression } from './standing-expression.ts';
import { StandingQuery } from './standing-query.ts';

const START_MS = Date.UTC(2026, 0, 1, 12) + 3_210;
const STEP_MS = 15_000;
const STEPS_MAX = 5;
/** The first series are in the store at the start, the rest come to life with their first sample. */
const SERIES: readonly SeriesData[] = randomSeries(START_MS, 7);
const STORED = SERIES.length - 4;

interface Push {
  readonly series: number;
  /** Of the sample, from now: late below 0, ahead of the clock above. */
  readonly byMs: number;
  readonly value: number;
  readonly isStale: boolean;
}

interface Turn {
  readonly advanceMs: number;
  readonly pushes: readonly Push[];
}

const push: fc.Arbitrary<Push> = fc.record({
  series: fc.nat({ max: SERIES.length - 1 }),
  byMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -900, max: 0 }) },
    { weight: 2, arbitrary: fc.integer({ min: -70_000, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
    // The same times come again, so that samples are replaced.
    { weight: 1, arbitrary: fc.constantFrom(-10_000, -20_000) },
  ),
  value: fc.oneof(
    fc.nat({ max: 500 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(NaN, Infinity, -0),
  ),
  isStale: fc.nat({ max: 9 }).map((one) => one === 0),
});

const turn: fc.Arbitrary<Turn> = fc.record({
  advanceMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(15_000, 47_000, 320_000) },
  ),
  pushes: fc.array(push, { maxLength: 6 }),
});

test('closed steps equal range queries, the open step equals an instant query', async () => {
  const expressions = comparableExpression.filter((text) => !/@ (?:start|end)/.test(text));
  await fc.assert(
    fc.asyncProperty(expressions, fc.array(turn, { maxLength: 12 }), async (text, turns) => {
      const stage = new Stage(text);
      await stage.compare();
      for (const { advanceMs, pushes } of turns) {
        stage.nowMs += advanceMs;
        for (const one of pushes) stage.push(one);
        stage.query.evaluate(stage.nowMs);
        await stage.compare();
      }
    }),
    { numRuns: 400 },
  );
}, 120_000);

class Stage {
  readonly query: StandingQuery;
  readonly #store = new MemoryQueryable();
  readonly #samples = new Map<string, Map<number, number | 'stale'>>();
  readonly #windows = new Map<string, SampleWindow>();
  nowMs = START_MS;

  constructor(text: string) {
    this.query = new StandingQuery(readStandingExpression(text), {
      stepMs: STEP_MS,
      lookbackMs: 300_000,
      graceMs: 500,
      stepsMax: STEPS_MAX,
    });
    const horizonMs = this.query.horizonMs(this.nowMs);
    for (const series of SERIES.slice(0, STORED)) {
      this.#store.set(series);
      const { labels, timesMs, values } = series;
      const samples = new Map<number, number | 'stale'>();
      for (const [at, timeMs] of timesMs.entries())
        samples.set(timeMs, isMarker(values, at) ? 'stale' : (values[at] as number));
      this.#samples.set(labels.key, samples);
      this.#window(labels).fill(series);
      this.#window(labels).dropBefore(horizonMs);
      this.#join(labels);
    }
    this.query.start(this.nowMs);
  }

  push({ series, byMs, value, isStale }: Push): void {
    const { labels } = SERIES[series] as SeriesData;
    const timeMs = this.nowMs + byMs;
    const known = this.#samples.get(labels.key);
    const samples = known ?? new Map<number, number | 'stale'>();
    this.#samples.set(labels.key, samples.set(timeMs, isStale ? 'stale' : value));
    this.#store.set(toSeries(labels, samples));
    const window = this.#window(labels);
    window.put(timeMs, isStale ? STALE_NAN : value);
    window.dropBefore(this.query.horizonMs(this.nowMs));
    if (known === undefined) this.#join(labels);
    if (this.#matches(labels).length > 0) this.query.arrived(timeMs);
  }

  async compare(): Promise<void> {
    const { results, openMs } = this.query;
    const closed = results.rows.filter(({ timeMs }) => timeMs < openMs);
    const firstMs = openMs - (STEPS_MAX - 1) * STEP_MS;
    const last = closed.slice(1 - STEPS_MAX);
    expect(last.map(({ timeMs }) => timeMs)).toEqual(
      Array.from({ length: STEPS_MAX - 1 }, (_, at) => firstMs + at * STEP_MS),
    );
    const { expr } = this.query.expression;
    const options = { queryable: this.#store };
    for (const row of last) {
      const range = { startMs: row.timeMs, endMs: row.timeMs, stepMs: STEP_MS };
      const fresh = await rangeQuery(expr, range, options).catch(() => undefined);
      this.#compareRow(row, fresh?.value);
    }
    const open = results.newest;
    if (open === undefined || open.timeMs < openMs) return;
    const fresh = await instantQuery(expr, this.query.evaluatedMs, options).catch(() => undefined);
    this.#compareRow(open, fresh?.value);
  }

  #compareRow(row: ResultRow, fresh: QueryValue | undefined): void {
    const expected = pointsOf(fresh);
    const { results } = this.query;
    let count = 0;
    for (const [ref, present] of row.present.entries()) {
      if (present === 0) continue;
      count++;
      const value = expected.get(results.labelsOf(ref).key);
      const isSame = value !== undefined && sameBits(value, row.values[ref] as number);
      if (!isSame)
        expect([row.values[ref], results.labelsOf(ref).key]).toEqual([value, row.timeMs]);
    }
    expect(count).toBe(expected.size);
  }

  #join(labels: LabelSet): void {
    for (const place of this.#matches(labels)) this.query.join(place, this.#window(labels));
  }

  #matches(labels: LabelSet): number[] {
    return [...this.query.selectors.keys()].filter((place) =>
      matchesAll(this.query.selectors[place] ?? [], labels),
    );
  }

  #window(labels: LabelSet): SampleWindow {
    const window = this.#windows.get(labels.key) ?? new SampleWindow(labels);
    this.#windows.set(labels.key, window);
    return window;
  }
}

function pointsOf(value: QueryValue | undefined): ReadonlyMap<string, number> {
  if (value?.type === 'vector')
    return new Map(value.samples.map(({ labels, value: number }) => [labels.key, number]));
  if (value?.type === 'scalar') return new Map([['', value.value]]);
  if (value?.type !== 'matrix') return new Map();
  return new Map(value.series.map(({ labels, values }) => [labels.key, values[0] as number]));
}

function toSeries(labels: LabelSet, samples: ReadonlyMap<number, number | 'stale'>): SeriesData {
  const timesMs = Float64Array.from(samples.keys()).sort();
  const values = new Float64Array(timesMs.length);
  for (const [at, timeMs] of timesMs.entries()) {
    const value = samples.get(timeMs) as number | 'stale';
    values[at] = value === 'stale' ? STALE_NAN : value;
  }
  return { labels, timesMs, values };
}

function isMarker(values: Float64Array, at: number): boolean {
  return sameBits(values[at] as number, STALE_NAN);
}
