import { isStaleMarker, sameBits, STALE_NAN, type RollupPoint } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf } from '../../test/bits.ts';
import type { SampleRun } from '../block/sample-run.ts';
import { AGGREGATES, joinRollups, pointsOf, resolutionFor, rollUp, type Rollup } from './rollup.ts';

const WINDOW_MS = 60_000;
const always = { startMs: -Infinity, endMs: Infinity };

/** Whole numbers, so that sums are the same in any order, and what is special. */
const value = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: -50, max: 1_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, STALE_NAN) },
);
const samples = fc
  .dictionary(fc.integer({ min: 0, max: 60 }).map(String), value, { minKeys: 1 })
  .map((byTime): SampleRun => {
    const times = Object.keys(byTime).map(Number);
    return {
      times: Float64Array.from(times, (time) => time * 10_000),
      values: Float64Array.from(times, (time) => byTime[time] ?? NaN),
    };
  });

function cells(rollup: Rollup): unknown {
  return {
    times: [...rollup.times],
    ...Object.fromEntries(AGGREGATES.map((name) => [name, bitsOf(rollup[name])])),
  };
}

function points(run: SampleRun, point: RollupPoint): number[] {
  return [...pointsOf(rollUp(run, WINDOW_MS), { point, ...always }).values];
}

describe('a rollup', () => {
  it('says of each window what its samples say', () => {
    fc.assert(
      fc.property(samples, ({ times, values }) => {
        // Views, since arrays of numbers do not keep the bits of a NaN.
        const windows = new Map<number, Float64Array>();
        times.forEach((time, at) => {
          const window = Math.floor(time / WINDOW_MS);
          const size = windows.get(window)?.length ?? 0;
          windows.set(window, values.subarray(at - size, at + 1));
        });
        const rollup = rollUp({ times, values }, WINDOW_MS);
        expect([...rollup.times].map((time) => Math.floor(time / WINDOW_MS))).toEqual([
          ...windows.keys(),
        ]);
        for (const [at, all] of [...windows.values()].entries()) {
          const [marker] = bitsOf(Float64Array.of(STALE_NAN));
          const kept = [...all.keys()].filter((index) => !isStaleMarker(all[index] ?? 0));
          expect(rollup.count[at]).toBe(kept.length);
          expect(sameBits(rollup.last[at] ?? 0, all.at(-1) ?? 0)).toBe(true);
          expect(sameBits(rollup.first[at] ?? 0, all[0] ?? 0)).toBe(true);
          if (kept.length === 0) {
            for (const name of ['min', 'max', 'sum', 'increase'] as const)
              expect(bitsOf(rollup[name])[at]).toBe(marker);
            continue;
          }
          const counted = kept.map((index) => all[index] ?? 0);
          const numbers = counted.filter((one) => !Number.isNaN(one));
          expect(rollup.min[at]).toBe(numbers.length === 0 ? NaN : Math.min(...numbers));
          expect(rollup.max[at]).toBe(numbers.length === 0 ? NaN : Math.max(...numbers));
          expect(rollup.sum[at]).toBe(counted.reduce((sum, one) => sum + one, 0));
          let increase = 0;
          all.forEach((one, index) => {
            const before = all[index - 1] ?? NaN;
            if (one >= before) increase += one - before;
            else if (one < before) increase += one;
          });
          expect(rollup.increase[at]).toBe(increase);
        }
      }),
    );
  });

  it('of parts of the samples, joined, is that of all', () => {
    fc.assert(
      fc.property(samples, fc.nat(60), ({ times, values }, cut) => {
        const whole = rollUp({ times, values }, WINDOW_MS);
        const parts = [
          { times: times.subarray(0, cut), values: values.subarray(0, cut) },
          { times: times.subarray(cut), values: values.subarray(cut) },
        ].map((part) => rollUp(part, WINDOW_MS));
        expect(cells(joinRollups(parts.toReversed(), WINDOW_MS))).toEqual(cells(whole));
      }),
    );
  });

  it('gives one point per window', () => {
    const run = {
      times: Float64Array.of(0, 30_000, 60_000, 90_000, 130_000),
      values: Float64Array.of(1, 5, 7, 3, 4),
    };
    expect(points(run, 'last')).toEqual([5, 3, 4]);
    expect(points(run, 'min')).toEqual([1, 3, 4]);
    expect(points(run, 'max')).toEqual([5, 7, 4]);
    expect(points(run, 'average')).toEqual([3, 5, 4]);
    expect(points(run, 'sum')).toEqual([6, 10, 4]);
    expect(points(run, 'count')).toEqual([2, 2, 1]);
    // From 1 to 5, on to 7 and a reset to 3, on to 4.
    expect(points(run, 'increase')).toEqual([4, 5, 1]);
  });

  it('is used when a step is at least five windows long', () => {
    expect([undefined, 299_999, 300_000, 17_999_999, 18_000_000].map(resolutionFor)).toEqual([
      undefined,
      undefined,
      60_000,
      60_000,
      3_600_000,
    ]);
  });
});
