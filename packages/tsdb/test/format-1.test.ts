import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMatcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { expect, it } from 'vitest';
import { openDiskStore } from '../src/index.ts';
import { expectedOfFormat1, FORMAT_1_NOW_MS } from './format-1.ts';
import { bitsOf } from './bits.ts';

const fixtures = fileURLToPath(new URL('../fixtures/format-1/', import.meta.url));

it('reads what format version 1 wrote, from blocks and from the WAL', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-format-'));
  cpSync(fixtures, directory, { recursive: true });
  {
    await using store = await openDiskStore({ directory, clock: new FakeClock(FORMAT_1_NOW_MS) });
    expect(store.stats().disk).toMatchObject({ blocks: 1, damaged: 0 });
    const matchers = [createMatcher('__name__', '=~', '.+')];
    const { series } = await store.select({ matchers, startMs: 0, endMs: Infinity });
    const found = series.map(({ labels, timesMs, values }) => ({
      labels: labels.toString(),
      times: [...timesMs],
      bits: bitsOf(values),
    }));
    expect(found).toEqual(expectedOfFormat1());
    expect(store.metadata().get('requests_total')).toEqual({ type: 'counter', help: 'Requests.' });
  }
  rmSync(directory, { recursive: true });
});
