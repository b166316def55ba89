import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { expect, it } from 'vitest';
import { named } from '../../test/labels.ts';
import type { Store } from '../store.ts';
import { Reader } from '../worker/reader-role.ts';
import { openDiskStore } from './open-disk-store.ts';

const START_MS = Date.UTC(2026, 0, 1);
const matchers = [createMatcher('__name__', '=~', '.+')];

/** A store with blocks and a head. */
async function filled(): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-tsdb-'));
  const clock = new FakeClock(START_MS + 3_600_000);
  const store = await openDiskStore({ directory, clock, sealAfterMs: 1_000 });
  const refs = Array.from({ length: 20 }, (_, at) => store.series(named('m', { at: String(at) })));
  for (let part = 0; part < 3; part++) {
    for (let row = part * 1_000; row < part * 1_000 + 1_000; row++)
      store.append(START_MS + row * 1_000, refs, new Float64Array(20).fill(row));
    clock.advance(2_000);
    if (part < 2) await store.maintain();
  }
  return store;
}

it('reads at the same time, beside appends and seals, answer what each would alone', async () => {
  await using store = await filled();
  const ranges = Array.from({ length: 12 }, (_, at) => ({
    matchers,
    startMs: START_MS + at * 200_000,
    endMs: START_MS + at * 200_000 + 500_000,
  }));
  const alone: unknown[] = [];
  for (const range of ranges) alone.push(await store.select(range));
  const [together] = await Promise.all([
    Promise.all(ranges.map((range) => store.select(range))),
    store.maintain(),
    store.labelSets({ matcherSets: [] }),
  ]);
  expect(together).toEqual(alone);
});

it('an abort rejects the read with its reason and leaves the store as it was', async () => {
  await using store = await filled();
  const controller = new AbortController();
  const request = { matchers, startMs: 0, endMs: Infinity };
  const reads = [
    store.select({ ...request, signal: controller.signal }),
    store.select({ ...request, signal: controller.signal, stepMs: 300_000 }),
    store.labelSets({ matcherSets: [matchers], signal: controller.signal }),
  ];
  controller.abort(new Error('enough'));
  for (const read of reads) await expect(read).rejects.toThrow('enough');
  expect((await store.select(request)).series).toHaveLength(20);
});

it('an aborted read stops in its thread', () => {
  const reader = new Reader(() => undefined);
  const aborted = new Int32Array(new SharedArrayBuffer(4));
  const request = { matcherSets: [], startMs: 0, endMs: 1, samplesMax: 1, aborted };
  reader.use({
    directory: new URL('../../fixtures/format-1', import.meta.url).pathname,
    blocks: [BLOCK],
    rollups: [],
  });
  expect(() => reader.read({ ...request, endMs: Infinity })).toThrow(/more than 1 samples/);
  Atomics.store(aborted, 0, 1);
  expect(() => reader.read({ ...request, endMs: Infinity })).toThrow(/nobody waits/);
  expect(() => reader.labels({ ...request, endMs: Infinity })).toThrow(/nobody waits/);
});

/** The block of the fixture, as far as reading it needs. */
const BLOCK = { id: 1, order: 1, minMs: 0, maxMs: Infinity, samples: 3_500, series: 7, bytes: 1 };
