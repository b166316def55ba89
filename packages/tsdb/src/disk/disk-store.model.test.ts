import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bitsOf } from '../../test/bits.ts';
import { named } from '../../test/labels.ts';
import type { Store } from '../store.ts';
import { openDiskStore } from './open-disk-store.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const RETENTION_MS = 100 * 24 * HOUR_MS;

/** What the store should hold: series → time → bits. */
type Model = Map<string, Map<number, string>>;

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 50 }) },
  fc.double(),
  fc.constantFrom(NaN, -0, Infinity),
);
const batch = fc.record({
  kind: fc.constant('append' as const),
  /** Within three days, on a coarse grid so that times meet. */
  slot: fc.integer({ min: 0, max: 36 * 12 }),
  samples: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), value, {
    minKeys: 1,
  }),
});
const step = fc.oneof(
  { weight: 10, arbitrary: batch },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seal' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('later' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('check' as const), from: fc.nat(400) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function expectSame(
  store: Store,
  model: Model,
  startMs: number,
  endMs: number,
): Promise<void> {
  const matchers = [createMatcher('__name__', '=~', '.+')];
  const { series, warnings } = await store.select({ matchers, startMs, endMs });
  expect(warnings).toEqual([]);
  const found = series.map(({ labels, timesMs, values }) => {
    const bits = bitsOf(values);
    return [labels.metric, Array.from(timesMs, (time, at) => [time, bits[at]])];
  });
  const expected = [...model]
    .map(([metric, samples]): [string, [number, string][]] => [
      metric,
      [...samples].filter(([time]) => time >= startMs && time <= endMs).sort(([a], [b]) => a - b),
    ])
    .filter(([, samples]) => samples.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  expect(found).toEqual(expected);
}

it('holds what a plain map would, whatever is appended, sealed, merged and reopened', async () => {
  const scenario = async (steps: readonly Step[]): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), 'nowcast-model-'));
    const clock = new FakeClock(START_MS + 4 * 24 * HOUR_MS);
    const options = { directory, clock, retentionMs: RETENTION_MS, sealAfterMs: 60_000 };
    const model: Model = new Map();
    let store = await openDiskStore(options);
    try {
      for (const one of steps) {
        if (one.kind === 'append') {
          const timeMs = START_MS + one.slot * 600_000;
          const names = Object.keys(one.samples);
          const values = Float64Array.from(Object.values(one.samples));
          const refs = names.map((name) => store.series(named(name)));
          const before = names.filter((name) => model.get(name)?.has(timeMs) !== true).length;
          const outcome = store.append(timeMs, refs, values);
          expect(outcome.accepted).toBeGreaterThanOrEqual(before);
          const bits = bitsOf(values);
          names.forEach((name, at) => {
            if (!model.has(name)) model.set(name, new Map());
            model.get(name)?.set(timeMs, bits[at] ?? '');
          });
        } else if (one.kind === 'check') {
          const startMs = START_MS + one.from * 600_000;
          await expectSame(store, model, startMs, startMs + 6 * HOUR_MS);
        } else if (one.kind === 'reopen') {
          await store.close();
          store = await openDiskStore(options);
        } else {
          clock.advance(one.kind === 'seal' ? 61_000 : 26 * HOUR_MS);
          await store.maintain();
        }
      }
      await expectSame(store, model, 0, Infinity);
    } finally {
      await store.close();
      rmSync(directory, { recursive: true });
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), scenario), { numRuns: 15 });
}, 120_000);
