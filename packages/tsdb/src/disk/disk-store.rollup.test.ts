import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher, type RollupPoint, type SelectResult } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf } from '../../test/bits.ts';
import { named } from '../../test/labels.ts';
import { pointsOf, rollUp } from '../rollup/rollup.ts';
import type { Store } from '../store.ts';
import { openDiskStore } from './open-disk-store.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const all = {
  matchers: [createMatcher('__name__', '=~', '.+')],
  startMs: START_MS,
  endMs: START_MS + 3 * DAY_MS,
};

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'nowcast-rollup-'));
}

function cells({ series }: Pick<SelectResult, 'series'>): unknown {
  return series.map(({ labels, timesMs, values }) => [
    labels.toString(),
    [...timesMs],
    bitsOf(values),
  ]);
}

/** A counter and a gauge, every ten seconds from `fromMs` for `hours`. */
function fill(store: Store, fromMs: number, hours: number): void {
  const refs = [store.series(named('requests_total')), store.series(named('temperature'))];
  for (let at = 0; at < hours * 360; at++)
    store.append(fromMs + at * 10_000, refs, Float64Array.of(at % 1_000, (at * 7) % 11));
}

/** What the store should say, made of its own samples. */
async function expected(store: Store, windowMs: number, point: RollupPoint): Promise<unknown> {
  const { series, resolutionMs } = await store.select(all);
  expect(resolutionMs).toBeUndefined();
  return cells({
    series: series.map(({ labels, timesMs, values }) => {
      const rollup = rollUp({ times: timesMs, values }, windowMs);
      const points = pointsOf(rollup, { point, startMs: all.startMs, endMs: all.endMs });
      return { labels, timesMs: points.times, values: points.values };
    }),
  });
}

const batch = fc.record({
  kind: fc.constant('append' as const),
  slot: fc.integer({ min: 0, max: 2_000 }),
  rows: fc.integer({ min: 1, max: 40 }),
  value: fc.integer({ min: 0, max: 50 }),
  names: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: batch },
  { weight: 2, arbitrary: fc.constant({ kind: 'seal' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'later' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

describe('rollups', () => {
  it('answer what the samples would, whatever was appended, sealed and merged', async () => {
    const scenario = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    ) => {
      const directory = newDirectory();
      const clock = new FakeClock(START_MS + 2 * DAY_MS);
      const options = { directory, clock, retentionMs: 100 * DAY_MS, sealAfterMs: 60_000 };
      let store = await openDiskStore(options);
      try {
        for (const one of steps) {
          if (one.kind === 'append') {
            const refs = one.names.map((name) => store.series(named(name)));
            for (let row = 0; row < one.rows; row++) {
              const values = Float64Array.from(refs, (ref) => (one.value * (row + ref)) % 17);
              store.append(START_MS + one.slot * 60_000 + row * 7_000, refs, values);
            }
          } else if (one.kind === 'reopen') {
            await store.close();
            store = await openDiskStore(options);
          } else {
            clock.advance(one.kind === 'seal' ? 61_000 : 26 * HOUR_MS);
            await store.maintain();
          }
        }
        for (const [stepMs, windowMs] of [
          [300_000, 60_000],
          [18_000_000, 3_600_000],
        ] as const)
          for (const point of ['last', 'min', 'max', 'sum', 'count', 'increase'] as const) {
            const found = await store.select({ ...all, stepMs, point });
            expect(found.resolutionMs).toBe(windowMs);
            expect(cells(found)).toEqual(await expected(store, windowMs, point));
          }
      } finally {
        await store.close();
        rmSync(directory, { recursive: true });
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), scenario), {
      numRuns: 8,
    });
  }, 120_000);

  it('are written for closed windows, made anew by a merge, and count as no samples', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    await using store = await openDiskStore({ directory, clock, sealAfterMs: 1_000 });
    fill(store, START_MS, 2);
    clock.advance(2_000);
    await store.maintain();
    expect(store.stats()).toMatchObject({ samples: 1_440, disk: { blocks: 1, rollups: 0 } });
    clock.advance(3 * HOUR_MS);
    await store.maintain();
    expect(store.stats()).toMatchObject({ samples: 1_440, disk: { blocks: 1, rollups: 2 } });
    fill(store, START_MS + 2 * HOUR_MS, 2);
    clock.advance(DAY_MS);
    await store.maintain();
    expect(store.stats()).toMatchObject({
      samples: 2_880,
      disk: { blocks: 1, rollups: 2, merges: 1 },
    });
    expect(readdirSync(directory).filter((name) => name.endsWith('.roll'))).toHaveLength(2);
    const found = await store.select({ ...all, stepMs: 300_000, point: 'average' });
    expect(cells(found)).toEqual(await expected(store, 60_000, 'average'));
  });

  it('outlive the samples where they are kept for longer, also after a restart', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    const options = {
      directory,
      clock,
      sealAfterMs: 1_000,
      retentionMs: 5 * HOUR_MS,
      rollupRetentionMs: 100 * DAY_MS,
    };
    const steps = { ...all, stepMs: 18_000_000 };
    const before = await (async () => {
      await using store = await openDiskStore(options);
      fill(store, START_MS, 2);
      clock.advance(2_000);
      await store.maintain();
      clock.advance(4 * HOUR_MS);
      await store.maintain();
      const found = cells(await store.select(steps));
      clock.advance(DAY_MS);
      fill(store, clock.nowMs(), 1);
      await store.maintain();
      expect(store.stats().disk).toMatchObject({ blocks: 1, rollups: 2 });
      return found;
    })();
    await using store = await openDiskStore(options);
    const early = { ...steps, endMs: START_MS + 4 * HOUR_MS };
    expect(cells(await store.select(early))).toEqual(before);
    expect((await store.select({ ...early, stepMs: undefined })).series).toEqual([]);
  });

  it('that are damaged are passed over while the samples are there', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    await using store = await openDiskStore({ directory, clock, sealAfterMs: 1_000 });
    fill(store, START_MS, 2);
    clock.advance(4 * HOUR_MS);
    await store.maintain();
    const undamaged = cells(await store.select({ ...all, stepMs: 300_000, point: 'max' }));
    for (const name of readdirSync(directory).filter((one) => one.endsWith('.roll'))) {
      const bytes = readFileSync(join(directory, name));
      // In place: the reader has the file open.
      writeFileSync(join(directory, name), bytes.fill(0xff, 16, 200));
    }
    const found = await store.select({ ...all, stepMs: 300_000, point: 'max' });
    expect(cells(found)).toEqual(undamaged);
    expect(found.warnings.length).toBeGreaterThan(0);
  });
});
