import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, it } from 'vitest';
import { named } from '../../test/labels.ts';
import { SmallDisk } from '../../test/small-disk.ts';
import type { Store, StoreEvent } from '../store.ts';
import { openDiskStore } from './open-disk-store.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const all = {
  matchers: [createMatcher('__name__', '=~', '.+')],
  startMs: -Infinity,
  endMs: Infinity,
};

/** Appends rows of values that do not compress, a second apart from `from` seconds on. */
function fill(store: Store, from: number, rows: number): void {
  const refs = Array.from({ length: 50 }, (_, at) => store.series(named('m', { at: String(at) })));
  for (let row = from; row < from + rows; row++) {
    const values = new Float64Array(randomFillSync(new Uint8Array(refs.length * 8)).buffer);
    store.append(START_MS + row * 1_000, refs, values);
  }
}

async function countRows(store: Store): Promise<number> {
  const { series, warnings } = await store.select(all);
  expect(warnings).toEqual([]);
  expect(new Set(series.map(({ timesMs }) => timesMs.length)).size).toBe(1);
  return series[0]?.timesMs.length ?? 0;
}

/** Lets retries run until the store writes again. */
async function untilReady(store: Store, clock: FakeClock): Promise<void> {
  while (store.stats().disk?.state !== 'ready') {
    clock.advance(1_000);
    await new Promise((done) => setImmediate(done));
  }
  await store.flushed();
}

const unavailable = { code: 'store-unavailable' };

describe.skipIf(!SmallDisk.available)('a disk of its own (root only)', () => {
  it('that is full stops acknowledgements, keeps the live path, and resumes when space returns', async () => {
    using disk = new SmallDisk(2 * 2 ** 20);
    const directory = join(disk.path, 'store');
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, new Uint8Array(2 ** 20));
    const clock = new FakeClock(START_MS + HOUR_MS);
    const events: StoreEvent[] = [];
    const onEvent = (event: StoreEvent): void => void events.push(event);
    let rows = 0;
    {
      await using store = await openDiskStore({ directory, clock, onEvent });
      const refused: unknown[] = [];
      for (; refused.length === 0 && rows < 10_000; rows += 100) {
        fill(store, rows, 100);
        await store.flushed().catch((error: unknown) => refused.push(error));
      }
      expect(refused).toMatchObject([unavailable]);
      expect(String(refused)).toMatch(/ENOSPC/);
      fill(store, rows, 100);
      rows += 100;
      await expect(store.flushed()).rejects.toMatchObject(unavailable);
      expect(await countRows(store)).toBe(rows);
      rmSync(ballast);
      await untilReady(store, clock);
      expect(events.map(({ level }) => level)).toEqual(['error', 'info']);
    }
    await using again = await openDiskStore({ directory, clock });
    expect(await countRows(again)).toBe(rows);
  });

  it('that is full when a block is to be sealed keeps the samples and seals them later', async () => {
    using disk = new SmallDisk(2 * 2 ** 20);
    const directory = join(disk.path, 'store');
    const ballast = join(disk.path, 'ballast');
    const clock = new FakeClock(START_MS + HOUR_MS);
    await using store = await openDiskStore({ directory, clock, sealAfterMs: 60_000 });
    fill(store, 0, 1_000);
    await store.flushed();
    writeFileSync(ballast, new Uint8Array(1_450 * 1_024));
    clock.advance(61_000);
    await store.maintain();
    expect(store.stats().disk?.blocks).toBe(0);
    expect(await countRows(store)).toBe(1_000);
    rmSync(ballast);
    await store.maintain();
    expect(store.stats().disk).toMatchObject({ blocks: 1, state: 'ready' });
    expect(await countRows(store)).toBe(1_000);
  });

  it('that is read-only is refused on opening, with a clear error', async () => {
    using disk = new SmallDisk(2 ** 20);
    disk.setReadOnly(true);
    const opened = openDiskStore({ directory: disk.path });
    await expect(opened).rejects.toMatchObject({ code: 'store-unreadable' });
    await expect(opened).rejects.toThrow(/EROFS/);
  });

  it('that becomes read-only while open stops acknowledgements until it is writable again', async () => {
    using disk = new SmallDisk(2 ** 20);
    const directory = join(disk.path, 'store');
    const clock = new FakeClock(START_MS + HOUR_MS);
    const options = { directory, clock };
    {
      await using store = await openDiskStore(options);
      // Before the first WAL segment is open: the system refuses while a file is.
      disk.setReadOnly(true);
      fill(store, 0, 10);
      await expect(store.flushed()).rejects.toMatchObject(unavailable);
      expect(store.stats().disk?.reason).toMatch(/EROFS/);
      expect(await countRows(store)).toBe(10);
      disk.setReadOnly(false);
      await untilReady(store, clock);
    }
    await using again = await openDiskStore(options);
    expect(await countRows(again)).toBe(10);
  });
});

it('memory is bounded while nothing can be sealed: the oldest go, and return with the WAL', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'nowcast-tsdb-'));
  const directory = join(parent, 'store');
  const clock = new FakeClock(START_MS + HOUR_MS);
  const events: string[] = [];
  const options = {
    directory,
    clock,
    sealSamples: 5_000,
    onEvent: ({ message }: StoreEvent) => void events.push(message),
  };
  {
    await using store = await openDiskStore(options);
    fill(store, 0, 50);
    await store.flushed();
    // The samples so far are in the WAL, which is out of reach now.
    renameSync(directory, join(parent, 'away'));
    for (let row = 50; row < 2_000; row += 50) {
      fill(store, row, 50);
      await store.maintain();
      await store.flushed().catch(() => undefined);
      expect(store.stats().samples).toBeLessThan(5_000 * 4);
    }
    expect(events.some((message) => /let go of from memory/.test(message))).toBe(true);
    mkdirSync(directory);
    rmSync(directory, { recursive: true });
    renameSync(join(parent, 'away'), directory);
    await untilReady(store, clock);
    await store.maintain();
    expect(store.stats().disk?.blocks).toBeGreaterThan(0);
  }
  await using again = await openDiskStore(options);
  const { series } = await again.select(all);
  expect(series[0]?.timesMs[0]).toBe(START_MS);
  rmSync(parent, { recursive: true, force: true });
});

it('a new label value each minute for a day leaves behind what was in use of late', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-tsdb-'));
  const clock = new FakeClock(START_MS);
  await using store = await openDiskStore({
    directory,
    clock,
    sealAfterMs: 2 * HOUR_MS,
    idleMs: HOUR_MS,
    checkMs: 1e9,
  });
  const perPod = 5;
  let most = { series: 0, memoryBytes: 0 };
  const row = new Float64Array(perPod);
  for (let minute = 0; minute < 24 * 60; minute++) {
    const refs = Array.from(row, (_, at) =>
      store.series(named(`metric_${at}`, { pod: `pod-${minute}` })),
    );
    store.append(clock.nowMs(), refs, row);
    clock.advance(60_000);
    if (minute % 30 === 29) await store.maintain();
    const { series, memoryBytes } = store.stats();
    most = {
      series: Math.max(most.series, series),
      memoryBytes: Math.max(most.memoryBytes, memoryBytes),
    };
  }
  // In memory until sealed (2 h) and idle (1 h), and looked at each half hour: a fifth of what the day made.
  expect(most.series).toBeLessThanOrEqual((120 + 60 + 60) * perPod);
  expect(store.stats().accepted).toBe(24 * 60 * perPod);
  const day = { ...all, startMs: START_MS, endMs: START_MS + 24 * HOUR_MS };
  expect((await store.select(day)).series).toHaveLength(24 * 60 * perPod);
  expect(most.memoryBytes).toBeLessThan(4 * 2 ** 20);
});
