import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createMatcher } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { expect, it } from 'vitest';
import { openDiskStore } from '../src/index.ts';

/** How often the writer is killed; `npm run test:crash` asks for 200. */
const crashes = Number(process.env['CRASHES'] ?? 12);
const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 0x7fffffff);
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));

/** A small generator, so that the seed printed below repeats the run. */
function randomFrom(start: number): () => number {
  let state = start | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}

function startWriter(directory: string, row: number): ChildProcessByStdio<null, Readable, null> {
  const args = ['--import', loader, writer, directory, String(row)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets the writer run for a number of acknowledgements, kills it, and returns the last acknowledged row. */
async function runAndKill(directory: string, row: number, acks: number): Promise<number> {
  const child = startWriter(directory, row);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let acked = row - 1;
  let left = acks;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'open') acked = Number(line);
    if (--left <= 0 && !child.killed) child.kill('SIGKILL');
  }
  await exited;
  return acked;
}

async function rowsOf(directory: string): Promise<{ rows: number[]; damaged: number }> {
  const clock = new FakeClock(86_400_000);
  await using store = await openDiskStore({ directory, clock, retentionMs: 10 * 86_400_000 });
  const matchers = [createMatcher('__name__', '=', 'm')];
  const { series } = await store.select({ matchers, startMs: 0, endMs: Infinity });
  const [first] = series;
  if (first === undefined) return { rows: [], damaged: 0 };
  // Plain loops: the store grows with each crash, and matchers are slow on large arrays.
  for (const { timesMs, values } of series) {
    expect(timesMs.length).toBe(first.timesMs.length);
    const wrong = timesMs.findIndex(
      (time, at) => time !== first.timesMs[at] || values[at] !== time / 1_000,
    );
    expect(wrong).toBe(-1);
  }
  return { rows: [...first.values], damaged: store.stats().disk?.damaged ?? 0 };
}

/** Kills writers of one directory again and again; each time everything acknowledged must be there, once. */
async function crashAgain(start: number, times: number): Promise<void> {
  const random = randomFrom(start);
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-crash-'));
  let next = 0;
  for (let crash = 0; crash < times; crash++) {
    const acked = await runAndKill(directory, next, 1 + Math.floor(random() ** 2 * 200));
    const { rows, damaged } = await rowsOf(directory);
    const present = new Set(rows);
    const missing: number[] = [];
    for (let row = 0; row <= acked; row++) if (!present.has(row)) missing.push(row);
    expect(missing, `crash ${crash}, CRASH_SEED=${seed}`).toEqual([]);
    expect(present.size).toBe(rows.length);
    expect(damaged).toBe(0);
    // Rows the writer had not finished are written again as the next writer's first ones.
    next = Math.floor((acked + 1) / 10) * 10;
    if ((crash + 1) % 25 === 0)
      console.log(`${crash + 1} crashes, ${rows.length} rows, nothing lost`);
  }
}

it(
  `loses nothing acknowledged and repeats nothing, killed ${crashes} times (CRASH_SEED=${seed})`,
  async () => {
    // Two stores side by side: a writer spends most of its life starting.
    const half = Math.ceil(crashes / 2);
    await Promise.all([crashAgain(seed, half), crashAgain(seed + 1, crashes - half)]);
  },
  60_000 + crashes * 20_000,
);
