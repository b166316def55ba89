import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher, type SelectResult } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, it } from 'vitest';
import { named } from '../../test/labels.ts';
import { openDiskStore, type DiskStoreOptions } from './open-disk-store.ts';
import type { Store, StoreEvent } from '../store.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const all = {
  matchers: [createMatcher('__name__', '=~', '.+')],
  startMs: -Infinity,
  endMs: Infinity,
};

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'nowcast-tsdb-'));
}

function plain({ series }: SelectResult): Record<string, [number, number][]> {
  return Object.fromEntries(
    series.map(({ labels, timesMs, values }) => [
      labels.toString(),
      Array.from(timesMs, (time, at): [number, number] => [time - START_MS, values[at] ?? NaN]),
    ]),
  );
}

async function read(options: DiskStoreOptions): Promise<ReturnType<typeof plain>> {
  await using store = await openDiskStore(options);
  return plain(await store.select(all));
}

/** Appends `rows` seconds of three series from `fromMs` on. */
function fill(store: Store, fromMs: number, rows: number): void {
  const refs = ['a', 'b', 'c'].map((name) => store.series(named(name, { job: 'x' })));
  for (let at = 0; at < rows; at++)
    store.append(fromMs + at * 1_000, refs, Float64Array.of(at, at / 100, 7));
}

function filesOf(directory: string, ending: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(directory, name));
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

describe('a disk store opened again', () => {
  it('has everything, from the WAL and from blocks', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + 3 * HOUR_MS);
    const options = { directory, clock, sealAfterMs: 1_000 };
    {
      await using store = await openDiskStore(options);
      fill(store, START_MS, 100);
      clock.advance(2_000);
      await store.maintain();
      expect(store.stats().disk).toMatchObject({ seals: 1, blocks: 1 });
      fill(store, START_MS + HOUR_MS, 50);
    }
    const found = await read(options);
    expect(Object.keys(found)).toEqual(['a{job="x"}', 'b{job="x"}', 'c{job="x"}']);
    expect(found['b{job="x"}']).toHaveLength(150);
    expect(found['b{job="x"}']?.slice(98, 102)).toEqual([
      [98_000, 0.98],
      [99_000, 0.99],
      [3_600_000, 0],
      [3_601_000, 0.01],
    ]);
  });

  it('keeps what was overwritten after its block was sealed, through a merge', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    const options = { directory, clock, sealAfterMs: 1_000 };
    await using store = await openDiskStore(options);
    fill(store, START_MS, 3);
    clock.advance(2_000);
    await store.maintain();
    store.append(START_MS, [store.series(named('a', { job: 'x' }))], Float64Array.of(-1));
    clock.advance(2_000);
    await store.maintain();
    expect(store.stats().disk?.blocks).toBe(2);
    const expected = {
      'a{job="x"}': [
        [0, -1],
        [1_000, 1],
        [2_000, 2],
      ],
    };
    expect(plain(await store.select(all))).toMatchObject(expected);
    clock.advance(3 * HOUR_MS);
    await store.maintain();
    expect(store.stats().disk).toMatchObject({ blocks: 1, merges: 1 });
    expect(plain(await store.select(all))).toMatchObject(expected);
  });

  it('merges windows into days and deletes days past the retention', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    const options = { directory, clock, sealAfterMs: 1_000, retentionMs: 48 * HOUR_MS };
    await using store = await openDiskStore(options);
    for (let window = 0; window < 12; window++) {
      fill(store, START_MS + window * 2 * HOUR_MS, 10);
      clock.advance(2 * HOUR_MS);
      await store.maintain();
    }
    await store.maintain();
    expect(store.stats().disk?.blocks).toBe(1);
    expect(plain(await store.select(all))['a{job="x"}']).toHaveLength(120);
    clock.advance(48 * HOUR_MS);
    await store.maintain();
    expect(store.stats()).toMatchObject({ samples: 360, disk: { blocks: 1, blocksDeleted: 0 } });
    fill(store, clock.nowMs(), 10);
    await store.maintain();
    expect(store.stats()).toMatchObject({ samples: 30, disk: { blocks: 1, blocksDeleted: 1 } });
    expect(filesOf(directory, '.blk')).toHaveLength(1);
  });

  it('deletes the oldest blocks when they take too much room', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    const options = { directory, clock, sealAfterMs: 1_000, blockBytesMax: 1 };
    await using store = await openDiskStore(options);
    fill(store, START_MS, 10);
    clock.advance(2_000);
    await store.maintain();
    expect(store.stats().disk).toMatchObject({ blocks: 0, blocksDeleted: 1 });
  });

  it('keeps an archive through a restart, and lets go of it once newer samples come', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS);
    const options = { directory, clock, sealAfterMs: 1_000, retentionMs: HOUR_MS };
    const archiveMs = Date.UTC(2000, 8, 1);
    {
      await using store = await openDiskStore(options);
      fill(store, archiveMs, 10);
      clock.advance(2_000);
      await store.maintain();
      fill(store, archiveMs + 60_000, 10);
    }
    {
      await using store = await openDiskStore(options);
      await store.maintain();
      const ref = store.series(named('a', { job: 'x' }));
      expect(store.append(archiveMs - HOUR_MS, [ref], Float64Array.of(0)).tooOld).toBe(1);
      expect(store.append(archiveMs + 69_000 - HOUR_MS, [ref], Float64Array.of(0)).accepted).toBe(
        1,
      );
      expect(plain(await store.select(all))['a{job="x"}']).toHaveLength(21);
      fill(store, clock.nowMs(), 1);
      expect(plain(await store.select(all))['a{job="x"}']).toHaveLength(1);
    }
    expect((await read(options))['a{job="x"}']).toHaveLength(1);
  });

  it('takes samples of any age the retention allows, and serves them in order', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS);
    const options = { directory, clock, sealAfterMs: 1_000, retentionMs: START_MS + HOUR_MS };
    await using store = await openDiskStore(options);
    const ref = store.series(named('old'));
    for (const timeMs of [START_MS, 0, START_MS - 40 * 24 * HOUR_MS, 5, START_MS - 1])
      store.append(timeMs, [ref], Float64Array.of(timeMs));
    clock.advance(2_000);
    await store.maintain();
    store.append(3, [ref], Float64Array.of(3));
    const { series } = await store.select(all);
    expect([...(series[0]?.values ?? [])]).toEqual([
      0,
      3,
      5,
      START_MS - 40 * 24 * HOUR_MS,
      START_MS - 1,
      START_MS,
    ]);
  });
});

describe('damage', () => {
  async function sealed(directory: string, clock: FakeClock): Promise<void> {
    await using store = await openDiskStore({ directory, clock, sealAfterMs: 1_000 });
    fill(store, START_MS, 300);
    clock.advance(2_000);
    await store.maintain();
  }

  it('to any byte of a block costs what it held, is reported, and never gives a wrong value', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    await sealed(directory, clock);
    const [block = ''] = filesOf(directory, '.blk');
    const pristine = readFileSync(block);
    const expected = await read({ directory, clock });
    for (let at = 0; at < pristine.length; at += Math.ceil(pristine.length / 24)) {
      const copy = newDirectory();
      for (const path of [block, join(directory, 'manifest.json')])
        copyFileSync(path, join(copy, path.slice(directory.length + 1)));
      flip(join(copy, block.slice(directory.length + 1)), at);
      const events: StoreEvent[] = [];
      const found = await read({ directory: copy, clock, onEvent: (event) => events.push(event) });
      for (const [labels, samples] of Object.entries(found))
        expect(expected[labels]).toEqual(samples);
      const complete = Object.keys(found).length === Object.keys(expected).length;
      // The reserved bytes of the header are under no checksum and mean nothing.
      if (!complete)
        expect(
          events.some(({ level }) => level === 'error'),
          `byte ${at}`,
        ).toBe(true);
      rmSync(copy, { recursive: true });
    }
  }, 60_000);

  it('to a block by truncation or removal leaves the rest readable', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    await sealed(directory, clock);
    const events: StoreEvent[] = [];
    const options = { directory, clock, onEvent: (event: StoreEvent) => events.push(event) };
    {
      await using store = await openDiskStore(options);
      fill(store, START_MS + HOUR_MS / 2, 10);
    }
    truncateSync(filesOf(directory, '.blk')[0] ?? '', 100);
    expect((await read(options))['a{job="x"}']).toHaveLength(10);
    expect(events.at(-1)?.message).toMatch(/left out/);
    rmSync(filesOf(directory, '.blk')[0] ?? '', { force: true });
    expect((await read(options))['a{job="x"}']).toHaveLength(10);
  });

  it('to the manifest is mended from the blocks', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    await sealed(directory, clock);
    flip(join(directory, 'manifest.json'), 30);
    expect((await read({ directory, clock }))['a{job="x"}']).toHaveLength(300);
  });

  it('to the WAL costs the frame and what builds on it, and is counted', async () => {
    const directory = newDirectory();
    const clock = new FakeClock(START_MS + HOUR_MS);
    {
      await using store = await openDiskStore({ directory, clock });
      for (let part = 0; part < 4; part++) {
        fill(store, START_MS + part * 200_000, 200);
        await store.flushed();
      }
    }
    const [segment = ''] = filesOf(directory, '.wal');
    flip(segment, readFileSync(segment).length >> 1);
    await using store = await openDiskStore({ directory, clock });
    const found = plain(await store.select(all))['a{job="x"}'] ?? [];
    expect(found.length).toBeGreaterThan(300);
    expect(found.length).toBeLessThan(800);
    for (const [time, value] of found) expect(value).toBe((time / 1_000) % 200);
    expect(store.stats().disk?.damaged).toBeGreaterThan(0);
  });
});

describe('a directory', () => {
  it('in use is refused, and free again after close', async () => {
    const directory = newDirectory();
    const store = await openDiskStore({ directory });
    await expect(openDiskStore({ directory })).rejects.toMatchObject({ code: 'store-locked' });
    await store.close();
    await (await openDiskStore({ directory })).close();
  });

  it('of a process that is gone is taken over', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 2 ** 30, started: 'long ago' }));
    await (await openDiskStore({ directory })).close();
  });

  it('of a newer version is refused and left alone', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'manifest.json'), '{"format":2,"blocks":[]}\n1\n');
    writeFileSync(join(directory, 'b-0000000001.blk'), 'x');
    await expect(openDiskStore({ directory })).rejects.toMatchObject({ code: 'store-too-new' });
    expect(readdirSync(directory).sort()).toEqual(['b-0000000001.blk', 'manifest.json']);
  });

  it('that is a file is refused with a clear error', async () => {
    const path = join(newDirectory(), 'file');
    writeFileSync(path, '');
    await expect(openDiskStore({ directory: path })).rejects.toMatchObject({
      code: 'store-unreadable',
    });
  });

  it('that goes away stops acknowledgements and keeps the live path; they resume by themselves', async () => {
    const parent = newDirectory();
    const directory = join(parent, 'store');
    const clock = new FakeClock(START_MS + HOUR_MS);
    const events: StoreEvent[] = [];
    const onEvent = (event: StoreEvent): void => void events.push(event);
    await using store = await openDiskStore({ directory, clock, onEvent });
    rmSync(directory, { recursive: true });
    fill(store, START_MS, 5);
    await expect(store.flushed()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(store.stats().disk?.state).toBe('unavailable');
    fill(store, START_MS + 5_000, 5);
    expect(plain(await store.select(all))['a{job="x"}']).toHaveLength(10);
    mkdirSync(directory);
    clock.advance(1_000);
    while (store.stats().disk?.state !== 'ready') await new Promise((done) => setImmediate(done));
    await store.flushed();
    expect(events.map(({ level }) => level)).toEqual(['error', 'info']);
  });
});
