import { createMatcher, STALE_NAN, type Matcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, it } from 'vitest';
import type { Store } from '../src/index.ts';
import { bitsOf, fromBits } from './bits.ts';
import { named } from './labels.ts';

export interface SuiteOptions {
  readonly clock: FakeClock;
  readonly retentionMs: number;
  readonly seriesMax: number;
}

export type OpenStore = (options: SuiteOptions) => Promise<Store>;

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

const everything: readonly Matcher[] = [createMatcher('__name__', '=~', '.+')];
const always = { startMs: -Infinity, endMs: Infinity };

/** What every store does, whatever it keeps its samples in. */
export function describeStore(kind: string, open: OpenStore): void {
  async function fixture(options: Partial<SuiteOptions> = {}): Promise<Store> {
    const clock = options.clock ?? new FakeClock(START_MS);
    return open({ clock, retentionMs: 24 * HOUR_MS, seriesMax: 1_000, ...options });
  }

  describe(`${kind}: samples`, () => {
    it('come back in order of time, series in order of labels', async () => {
      await using store = await fixture();
      const b = store.series(named('up', { job: 'b' }));
      const a = store.series(named('up', { job: 'a' }));
      for (const at of [0, 1_000, 2_000])
        store.append(START_MS + at, [b, a], Float64Array.of(at, -at));
      const { series, warnings } = await store.select({ matchers: everything, ...always });
      expect(warnings).toEqual([]);
      expect(series.map(({ labels }) => labels.get('job'))).toEqual(['a', 'b']);
      expect([...(series[1]?.timesMs ?? [])]).toEqual([
        START_MS,
        START_MS + 1_000,
        START_MS + 2_000,
      ]);
      expect([...(series[1]?.values ?? [])]).toEqual([0, 1_000, 2_000]);
    });

    it('keep all 64 bits', async () => {
      await using store = await fixture();
      const ref = store.series(named('odd'));
      const values = fromBits(
        0x7ff8000000000000n,
        0x7ff0000000000002n,
        0xfff8dead0000beefn,
        0x8000000000000000n,
        0x0000000000000001n,
        0x7ff0000000000000n,
        0x4340000000000000n,
      );
      values.forEach((_, at) => store.append(START_MS + at, [ref], values.subarray(at, at + 1)));
      const { series } = await store.select({ matchers: everything, ...always });
      expect(bitsOf(series[0]?.values ?? new Float64Array())).toEqual(bitsOf(values));
    });

    it('are taken in any order, and both ends of a range are inclusive', async () => {
      await using store = await fixture();
      const ref = store.series(named('up'));
      for (const at of [5, 1, 4, 2, 3]) store.append(START_MS + at, [ref], Float64Array.of(at));
      const range = { startMs: START_MS + 2, endMs: START_MS + 4 };
      const { series } = await store.select({ matchers: everything, ...range });
      expect([...(series[0]?.values ?? [])]).toEqual([2, 3, 4]);
    });

    it('count once: an equal one is a duplicate, another value overwrites', async () => {
      await using store = await fixture();
      const refs = [store.series(named('a')), store.series(named('b'))];
      const none = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
      expect(store.append(START_MS, refs, Float64Array.of(1, 2))).toEqual({ ...none, accepted: 2 });
      expect(store.append(START_MS, refs, Float64Array.of(1, 3))).toEqual({
        ...none,
        duplicate: 1,
        overwritten: 1,
      });
      const { series } = await store.select({ matchers: everything, ...always });
      expect(series.map(({ values }) => [...values])).toEqual([[1], [3]]);
      expect(store.stats()).toMatchObject({ accepted: 2, duplicate: 1, overwritten: 1 });
    });

    it('overwrite across batches of different shape', async () => {
      await using store = await fixture();
      const [a, b] = [store.series(named('a')), store.series(named('b'))];
      store.append(START_MS, [a, b], Float64Array.of(1, 2));
      store.append(START_MS, [b], Float64Array.of(20));
      store.append(START_MS, [b, a], Float64Array.of(200, 1));
      const { series } = await store.select({ matchers: everything, ...always });
      expect(series.map(({ values }) => [...values])).toEqual([[1], [200]]);
      expect(store.stats()).toMatchObject({ accepted: 2, duplicate: 1, overwritten: 2 });
    });

    it('of one series named twice in a batch: the later one counts', async () => {
      await using store = await fixture();
      const ref = store.series(named('a'));
      store.append(START_MS, [ref, ref], Float64Array.of(1, 2));
      const { series } = await store.select({ matchers: everything, ...always });
      expect([...(series[0]?.values ?? [])]).toEqual([2]);
    });

    it('older than the retention are refused and forgotten', async () => {
      const clock = new FakeClock(START_MS);
      await using store = await fixture({ clock, retentionMs: HOUR_MS });
      const ref = store.series(named('up'));
      store.append(START_MS, [ref], Float64Array.of(0));
      expect(store.append(START_MS - HOUR_MS - 1, [ref], Float64Array.of(1)).tooOld).toBe(1);
      expect(store.append(START_MS - HOUR_MS, [ref], Float64Array.of(2)).accepted).toBe(1);
      clock.advance(HOUR_MS + 1);
      store.append(clock.nowMs(), [ref], Float64Array.of(3));
      const { series } = await store.select({ matchers: everything, ...always });
      expect([...(series[0]?.values ?? [])]).toEqual([3]);
    });

    it('of an archive are taken and kept, the retention being counted from the newest', async () => {
      const clock = new FakeClock(START_MS);
      await using store = await fixture({ clock, retentionMs: HOUR_MS });
      const ref = store.series(named('old'));
      const archiveMs = Date.UTC(2000, 8, 1);
      for (const at of [0, HOUR_MS / 2, HOUR_MS])
        expect(store.append(archiveMs + at, [ref], Float64Array.of(at)).accepted).toBe(1);
      expect(store.append(archiveMs - 1, [ref], Float64Array.of(7)).tooOld).toBe(1);
      clock.advance(100 * HOUR_MS);
      await store.maintain();
      const { series } = await store.select({ matchers: everything, ...always });
      expect([...(series[0]?.timesMs ?? [])]).toEqual([
        archiveMs,
        archiveMs + HOUR_MS / 2,
        archiveMs + HOUR_MS,
      ]);
    });

    it('from the future do not make those of now too old', async () => {
      await using store = await fixture({ retentionMs: HOUR_MS });
      const ref = store.series(named('up'));
      expect(store.append(START_MS + 50 * HOUR_MS, [ref], Float64Array.of(1)).accepted).toBe(1);
      expect(store.append(START_MS - HOUR_MS, [ref], Float64Array.of(2)).accepted).toBe(1);
    });

    it('are not changed by what the caller does to its arrays later', async () => {
      await using store = await fixture();
      const values = Float64Array.of(7);
      store.append(START_MS, [store.series(named('up'))], values);
      values[0] = 8;
      const { series } = await store.select({ matchers: everything, ...always });
      expect([...(series[0]?.values ?? [])]).toEqual([7]);
    });
  });

  describe(`${kind}: series`, () => {
    it('are found again by their labels and refused past the limit', async () => {
      await using store = await fixture({ seriesMax: 2 });
      const a = store.series(named('a'));
      const b = store.series(named('b'));
      expect(store.series(named('a'))).toBe(a);
      expect(() => store.series(named('c'))).toThrow(/as many as it may/);
      expect(store.append(START_MS, [a, b], Float64Array.of(1, 2)).accepted).toBe(2);
      expect(store.stats()).toMatchObject({ series: 2, seriesRefused: 1 });
    });

    it('idle past the retention make room', async () => {
      const clock = new FakeClock(START_MS);
      await using store = await fixture({ clock, seriesMax: 2, retentionMs: HOUR_MS });
      for (let round = 0; round < 5; round++) {
        const ref = store.series(named('churn', { round: String(round) }));
        store.append(clock.nowMs(), [ref], Float64Array.of(round));
        clock.advance(HOUR_MS + 120_000);
        await store.maintain();
      }
      expect(store.stats().series).toBeLessThanOrEqual(1);
    });

    it('are matched by every kind of matcher, an absent label being the empty string', async () => {
      await using store = await fixture();
      const sets = [
        named('up', { job: 'a', env: 'dev' }),
        named('up', { job: 'b' }),
        named('down', { job: 'ab', env: 'prod' }),
        named('down'),
      ];
      for (const labels of sets) store.append(START_MS, [store.series(labels)], Float64Array.of(1));
      const cases: readonly [readonly Matcher[], readonly number[]][] = [
        [[createMatcher('job', '=', 'a')], [0]],
        [[createMatcher('job', '=', '')], [3]],
        [[createMatcher('job', '!=', '')], [0, 1, 2]],
        [[createMatcher('job', '!=', 'a')], [1, 2, 3]],
        [[createMatcher('job', '=~', 'a.*')], [0, 2]],
        [[createMatcher('job', '=~', 'a|')], [0, 3]],
        [[createMatcher('job', '!~', 'a|b')], [2, 3]],
        [[createMatcher('job', '!~', 'b|')], [0, 2]],
        [[createMatcher('__name__', '=', 'up'), createMatcher('env', '=', '')], [1]],
        [[createMatcher('none', '=~', '.+')], []],
        [[createMatcher('none', '!~', '.+')], [0, 1, 2, 3]],
      ];
      for (const [matchers, expected] of cases) {
        const { series } = await store.select({ matchers, ...always });
        const got = series.map(({ labels }) => sets.findIndex((one) => one.equals(labels)));
        expect(new Set(got), JSON.stringify(matchers)).toEqual(new Set(expected));
      }
    });

    it('are listed with their names and values, within a range', async () => {
      await using store = await fixture();
      store.append(START_MS, [store.series(named('up', { job: 'b' }))], Float64Array.of(1));
      store.append(START_MS + 9, [store.series(named('up', { zone: 'x' }))], Float64Array.of(1));
      const every = { matcherSets: [] };
      expect(await store.labelNames(every)).toEqual(['__name__', 'job', 'zone']);
      expect(await store.labelValues('job', every)).toEqual(['b']);
      expect((await store.labelSets(every)).map((one) => one.toString())).toEqual([
        'up{job="b"}',
        'up{zone="x"}',
      ]);
      const late = { matcherSets: [everything], startMs: START_MS + 1, endMs: START_MS + 9 };
      expect(await store.labelNames(late)).toEqual(['__name__', 'zone']);
      expect(await store.labelValues('job', late)).toEqual([]);
    });

    it('carry what was said about their metric', async () => {
      await using store = await fixture();
      store.series(named('requests_total'), { type: 'counter', help: 'Requests.' });
      expect(store.metadata().get('requests_total')).toEqual({
        type: 'counter',
        help: 'Requests.',
      });
    });
  });

  describe(`${kind}: calls`, () => {
    it('stop at the limit of samples and when aborted', async () => {
      await using store = await fixture();
      const ref = store.series(named('up'));
      for (let at = 0; at < 10; at++) store.append(START_MS + at, [ref], Float64Array.of(at));
      const request = { matchers: everything, ...always };
      await expect(store.select({ ...request, samplesMax: 9 })).rejects.toMatchObject({
        code: 'too-many-samples',
      });
      expect((await store.select({ ...request, samplesMax: 10 })).series).toHaveLength(1);
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(store.select({ ...request, signal })).rejects.toThrow('enough');
    });

    it('after close are refused', async () => {
      const store = await fixture();
      const ref = store.series(named('up'));
      await store.flushed();
      await store.close();
      await store.close();
      expect(() => store.append(START_MS, [ref], Float64Array.of(1))).toThrow(/closed/);
      await expect(store.select({ matchers: everything, ...always })).rejects.toThrow(/closed/);
    });
  });

  it(`${kind}: a staleness marker is a sample like any other`, async () => {
    await using store = await fixture();
    const ref = store.series(named('up'));
    const marker = new Float64Array([STALE_NAN]);
    store.append(START_MS, [ref], marker);
    const { series } = await store.select({ matchers: everything, ...always });
    expect(bitsOf(series[0]?.values ?? new Float64Array())).toEqual(bitsOf(marker));
  });
}
