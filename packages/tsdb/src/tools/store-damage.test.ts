import { createMatcher, LabelSet } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDiskStore } from '../disk/open-disk-store.ts';
import type { Store } from '../store.ts';
import { describeStore } from './store-info.ts';
import { repairStore } from './store-repair.ts';
import { openSnapshot } from './store-snapshot.ts';
import { verifyStore } from './store-verify.ts';

const NOW_MS = Date.UTC(2026, 0, 20, 0, 30);
const ROWS = 400;
const SEALED = 300;

class Damageable implements Disposable {
  readonly parent: string = mkdtempSync(join(tmpdir(), 'nowcast-'));
  readonly path: string = join(this.parent, 'samples');

  open(): Promise<Store> {
    const clock = new FakeClock(NOW_MS);
    return openDiskStore({ directory: this.path, clock, sealSamples: SEALED * 3 });
  }

  names(pattern: RegExp): string[] {
    return readdirSync(this.path).filter((name) => pattern.test(name));
  }

  /** Flips one bit. */
  flip(name: string, at: (size: number) => number): void {
    const path = join(this.path, name);
    const bytes = readFileSync(path);
    const place = at(bytes.length);
    bytes[place] = (bytes[place] as number) ^ 4;
    writeFileSync(path, bytes);
  }

  [Symbol.dispose](): void {
    rmSync(this.parent, { recursive: true, force: true });
  }
}

async function filled(): Promise<Damageable> {
  const folder = new Damageable();
  await using store = await folder.open();
  const refs = ['a', 'b', 'c'].map((job) =>
    store.series(LabelSet.from({ __name__: 'noise', job }), { type: 'gauge' }),
  );
  for (let row = 0; row < ROWS; row++) {
    const values = refs.map((ref) => Math.sin(row * (ref + 1)));
    store.append(NOW_MS - (ROWS - row) * 1_000, refs, Float64Array.from(values));
    if (row % 50 === 49) await store.flushed();
    if (row === SEALED - 1) await store.maintain();
  }
  await store.flushed();
  return folder;
}

async function samplesIn(folder: Damageable): Promise<Record<string, number>> {
  await using store = await folder.open();
  const matchers = [createMatcher('__name__', '=', 'noise')];
  const { series, warnings } = await store.select({ matchers, startMs: 0, endMs: NOW_MS });
  expect(warnings).toEqual([]);
  return Object.fromEntries(series.map((one) => [one.labels.get('job'), one.timesMs.length]));
}

it('says what a store holds, also while it is in use', async () => {
  using folder = await filled();
  await using store = await folder.open();
  using snapshot = await openSnapshot(folder.path);
  expect(describeStore(snapshot)).toMatchObject({
    series: 3,
    samples: ROWS * 3,
    oldestMs: NOW_MS - ROWS * 1_000,
    newestMs: NOW_MS - 1_000,
    blocks: { samples: SEALED * 3 },
    wal: { samples: (ROWS - SEALED) * 3 },
    lostBlocks: 0,
    labels: [{ name: 'job', values: 3, series: 3 }],
    metrics: [{ name: 'noise', series: 3 }],
  });
  expect(store.stats().samples).toBe(ROWS * 3);
});

it('a sound store has nothing to report and nothing to repair', async () => {
  using folder = await filled();
  const report = await verifyStore(folder.path);
  expect(report.damage).toEqual([]);
  expect(report.checks).toBeGreaterThanOrEqual(10);
  expect(await repairStore(folder.path, NOW_MS)).toMatchObject({ keptIn: undefined });
});

it('names a damaged chunk, and repair keeps all the others', async () => {
  using folder = await filled();
  const [block = ''] = folder.names(/^b-/);
  folder.flip(block, () => 400);
  const { damage } = await verifyStore(folder.path);
  expect(damage).toHaveLength(1);
  expect(damage[0]).toMatchObject({
    file: block,
    reason: expect.stringMatching(/^the checksum of the chunk at \d+ is wrong$/) as unknown,
    held: expect.stringMatching(
      /^300 samples of noise\{job="a"\} between 2026-01-20T00:23:20.000Z and /,
    ) as unknown,
  });
  const before = readFileSync(join(folder.path, block));
  const { keptIn = '' } = await repairStore(folder.path, NOW_MS);
  expect(keptIn).toBe(`${folder.path}.damaged-20260120003000`);
  expect(readFileSync(join(keptIn, block))).toEqual(before);
  expect((await verifyStore(folder.path)).damage).toEqual([]);
  expect(await samplesIn(folder)).toEqual({ a: ROWS - SEALED, b: ROWS, c: ROWS });
});

it.each([
  ['an index', /^b-/, (size: number) => size - 200, { a: 100, b: 100, c: 100 }],
  ['a footer', /^b-/, (size: number) => size - 170, { a: 100, b: 100, c: 100 }],
])('%s costs its block and no more', async (_name, pattern, place, left) => {
  using folder = await filled();
  folder.flip(folder.names(pattern)[0] ?? '', place);
  const { damage } = await verifyStore(folder.path);
  expect(damage.map(({ held }) => held)).toEqual([
    '900 samples of 3 series between 2026-01-20T00:23:20.000Z and 2026-01-20T00:28:19.000Z',
  ]);
  await repairStore(folder.path, NOW_MS);
  expect((await verifyStore(folder.path)).damage).toEqual([]);
  expect(await samplesIn(folder)).toEqual(left);
});

it('names a damaged WAL frame; what follows its next key row is saved', async () => {
  using folder = await filled();
  const [segment = ''] = folder.names(/^w-/).slice(-1);
  folder.flip(segment, (size) => size - 20);
  const { damage } = await verifyStore(folder.path);
  expect(damage).toHaveLength(1);
  expect(damage[0]?.held).toMatch(/^samples after 2026-01-20T/);
  const { samples } = await repairStore(folder.path, NOW_MS);
  expect(samples).toBeGreaterThanOrEqual((SEALED + 50) * 3);
  expect((await verifyStore(folder.path)).damage).toEqual([]);
  expect(await samplesIn(folder)).toEqual({ a: 350, b: 350, c: 350 });
});

it('a missing block and a damaged manifest are named', async () => {
  using folder = await filled();
  const [block = ''] = folder.names(/^b-/);
  rmSync(join(folder.path, block));
  expect((await verifyStore(folder.path)).damage).toMatchObject([
    { file: block, reason: 'the file is missing' },
  ]);
  folder.flip('manifest.json', () => 20);
  expect((await verifyStore(folder.path)).damage.map(({ file }) => file)).toEqual([
    'manifest.json',
  ]);
});

it('a store in use is not repaired, and what is none is named', async () => {
  using folder = await filled();
  await using store = await folder.open();
  folder.flip(folder.names(/^b-/)[0] ?? '', () => 400);
  await expect(repairStore(folder.path, NOW_MS)).rejects.toMatchObject({ code: 'store-locked' });
  expect(store.stats().disk?.state).toBe('ready');
  await expect(verifyStore(join(folder.path, 'none'))).rejects.toMatchObject({
    code: 'store-unreadable',
    message: expect.stringContaining('there is no store in') as unknown,
  });
});
