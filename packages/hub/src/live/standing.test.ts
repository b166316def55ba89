/** Standing queries through the live layer: evaluated once for all, only when something happened, history and live in one. */
import { LabelSet, type SeriesRef } from '@nowcast/model';
import { parseExpression, rangeQuery } from '@nowcast/promql';
import type { SeriesDefinition } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { openMemoryStore } from '@nowcast/tsdb';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../access/limits.ts';
import { Ingest } from '../ingest/ingest.ts';
import { HubMetrics } from '../metrics/hub-metrics.ts';
import { DEFAULT_LIVE } from '../options.ts';
import { LiveLayer } from './live-layer.ts';
import type { PastReader, Watcher } from './live-source.ts';
import type { StandingFeed } from './standing-feed.ts';
import type { UpdateBody } from './update-text.ts';

const CONTRACT = { minIntervalMs: 0, digits: null, deadband: null };

class Stage implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly store = openMemoryStore({ clock: this.clock });
  readonly metrics: HubMetrics = new HubMetrics();
  readonly live: LiveLayer;
  readonly ingest: Ingest;

  constructor(limits: Partial<typeof DEFAULT_LIMITS> = {}) {
    const { clock, metrics, store } = this;
    this.live = new LiveLayer({
      clock,
      timing: DEFAULT_LIVE,
      metrics,
      queryable: store,
      historySamplesMax: 1_000_000,
      standingLimits: { ...DEFAULT_LIMITS, ...limits },
    });
    this.ingest = new Ingest(store, this.live.registry, metrics, [this.live.standing]);
  }

  get evaluations(): number {
    return this.metrics.standingEvaluations.value();
  }

  push(labels: Record<string, string>, value: number, timeMs: number = this.clock.nowMs()): void {
    const ref: SeriesRef = this.ingest.series(LabelSet.from(labels));
    this.ingest.append(timeMs, [ref], Float64Array.of(value));
  }

  /** A second of a sample each 100 ms. */
  second(labels: Record<string, string>, value: (at: number) => number): void {
    for (let at = 0; at < 10; at++) {
      this.clock.advance(100);
      this.push(labels, value(at));
    }
  }

  async watch(query: string, stepMs?: number): Promise<View> {
    const source = this.live.source(query, stepMs) as StandingFeed;
    source.retain();
    await source.ready;
    const view = new View();
    const channel = source.channel(CONTRACT);
    const body = channel.refill();
    channel.add(view);
    if (body !== undefined) view.deliver(body);
    return view;
  }

  get reader(): PastReader {
    const { clock, store } = this;
    const { futureMs, lookbackMs } = DEFAULT_LIVE;
    return { clock, queryable: store, futureMs, lookbackMs, samplesMax: 1_000_000 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.live.close();
    await this.store.close();
  }
}

/** What a client knows, by the rules of the protocol alone: a later value takes the place of an earlier one. */
class View implements Watcher {
  readonly congested: boolean = false;
  readonly points = new Map<string, Map<number, number>>();
  readonly here = new Set<string>();
  readonly failures: string[] = [];
  told = 0;
  readonly #names = new Map<number, string>();
  readonly #last = new Map<number, number>();

  deliver({ parts }: UpdateBody): void {
    this.told++;
    for (const one of parts.add) this.#add(one);
    for (const { timeMs, refs, values, same } of parts.groups) {
      for (const [at, ref] of refs.entries()) this.#set(ref, timeMs, values[at] as number);
      for (const ref of same) this.#set(ref, timeMs, this.#last.get(ref) as number);
    }
    for (const ref of parts.remove) this.here.delete(this.#names.get(ref) ?? '');
  }

  joined(): void {}
  left(): void {}
  park(): void {}
  regranted(): void {}

  failed({ code }: { readonly code: string }): void {
    this.failures.push(code);
  }

  #add({ ref, labels }: SeriesDefinition): void {
    const name = String(LabelSet.from(labels));
    this.#names.set(ref, name);
    this.here.add(name);
    if (!this.points.has(name)) this.points.set(name, new Map());
  }

  #set(ref: number, timeMs: number, value: number): void {
    const points = this.points.get(this.#names.get(ref) ?? '') as Map<number, number>;
    this.#last.set(ref, value);
    if (Number.isNaN(value)) points.delete(timeMs);
    else points.set(timeMs, value);
  }
}

test('two spellings and a hundred watchers cost one evaluation', async () => {
  await using stage = new Stage();
  stage.push({ __name__: 'a', k: '1' }, 1);
  const views: View[] = [];
  for (let at = 0; at < 50; at++)
    views.push(await stage.watch('sum(a)'), await stage.watch(' sum  ( a{ } )'));
  expect(stage.live.standing.size).toBe(1);
  stage.clock.advance(2_000);
  const before = stage.evaluations;
  stage.push({ __name__: 'a', k: '2' }, 2);
  stage.clock.advance(30);
  expect(stage.evaluations).toBe(before + 1);
  for (const { points } of views) expect([...(points.get('{}')?.values() ?? [])].at(-1)).toBe(3);
});

test('nothing is evaluated for a sample that is not selected, nor for a step in which nothing came', async () => {
  await using stage = new Stage();
  stage.push({ __name__: 'a' }, 1);
  const view = await stage.watch('sum(a)');
  stage.clock.advance(1_500);
  const before = stage.evaluations;
  for (let at = 0; at < 20; at++) {
    stage.push({ __name__: 'b' }, at);
    stage.clock.advance(250);
  }
  expect(stage.evaluations).toBe(before);
  // Every step has its point all the same.
  const times = [...(view.points.get('{}')?.keys() ?? [])];
  expect(times.slice(1).every((timeMs, at) => timeMs === (times[at] as number) + 1_000)).toBe(true);
  expect(times.length).toBeGreaterThan(5);
});

test('history and live are one sequence, each closed step as a range query gives it', async () => {
  await using stage = new Stage();
  const labels = { __name__: 'x_total', k: '1' };
  for (let second = 0; second < 90; second++) stage.second(labels, (at) => second * 10 + at);
  const query = 'rate(x_total[5s]) * 3';
  const source = stage.live.source(query) as StandingFeed;
  source.retain();
  await source.ready;
  const view = new View();
  const channel = source.channel(CONTRACT);
  const fromMs = stage.clock.nowMs() - 60_000;
  const past = channel.past(stage.reader, 60_000);
  channel.add(view);
  for (const body of await past) view.deliver(body);
  for (let second = 90; second < 95; second++) stage.second(labels, (at) => second * 10 + at * 1.5);
  // Late, and within the ring: the steps it alters come again.
  stage.push(labels, 905.5, stage.clock.nowMs() - 3_250);
  stage.clock.advance(400);
  const startMs = Math.ceil(fromMs / 1_000) * 1_000;
  const endMs = Math.floor((stage.clock.nowMs() - DEFAULT_LIVE.graceMs) / 1_000) * 1_000;
  const { value } = await rangeQuery(
    parseExpression(query),
    { startMs, endMs, stepMs: 1_000 },
    { queryable: stage.store },
  );
  if (value.type !== 'matrix') throw new Error('a matrix was expected');
  const [series] = value.series;
  const known = [...(view.points.get('{k="1"}') ?? [])].filter(([timeMs]) => timeMs <= endMs);
  expect(known.map(([timeMs]) => timeMs)).toEqual([...(series?.timesMs ?? [])]);
  expect(known.map(([, one]) => one)).toEqual([...(series?.values ?? [])]);
});

test('series join and leave as the expression gives them', async () => {
  await using stage = new Stage();
  stage.push({ __name__: 'a', k: '1' }, 1);
  const view = await stage.watch('a > 5');
  stage.clock.advance(50);
  expect([...view.here]).toEqual([]);
  stage.push({ __name__: 'a', k: '1' }, 9);
  stage.clock.advance(50);
  expect([...view.here]).toEqual(['a{k="1"}']);
  stage.clock.advance(1_000);
  stage.push({ __name__: 'a', k: '1' }, 2);
  stage.clock.advance(50);
  expect([...view.here]).toEqual([]);
});

test('data the expression is not defined for is told once, and it goes on', async () => {
  await using stage = new Stage();
  stage.push({ __name__: 'a', k: '1' }, 1);
  stage.push({ __name__: 'b' }, 2);
  const view = await stage.watch('a * on () b');
  stage.clock.advance(100);
  expect(view.failures).toEqual([]);
  stage.clock.advance(1_000);
  stage.push({ __name__: 'a', k: '2' }, 1);
  stage.push({ __name__: 'b', k: '2' }, 1);
  stage.clock.advance(3_000);
  expect(view.failures).toEqual(['query-failed']);
});

test('a bad step, a range vector and one query too many are refused', async () => {
  await using stage = new Stage({ standingQueriesMax: 1 });
  await stage.watch('sum(a)');
  const code = (query: string, stepMs?: number): unknown => {
    try {
      return stage.live.source(query, stepMs);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  expect(code('sum(a)', 99)).toBe('bad-step');
  expect(code('sum(a)', 100.5)).toBe('bad-step');
  expect(code('a[5m]')).toBe('unsupported-query');
  expect(code('sum(b)')).toBe('too-many-standing-queries');
  expect(stage.metrics.limitReached.value({ limit: 'standingQueriesMax' })).toBe(1);
});
