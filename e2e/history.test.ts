/// <reference lib="dom" />
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { hasBrowser, TestBrowser } from './fixtures/browser.ts';
import {
  command,
  runNowcast,
  startHubProcess,
  temporaryFolder,
} from './fixtures/nowcast-process.ts';

interface Line {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

interface Info {
  readonly samples: number;
  readonly series: number;
}

/** Times at which a metric was measured, as the store has them, whether a hub uses it or not. */
async function timesOf(data: string, metric: string): Promise<number[]> {
  const { stdout } = await runNowcast(['store', 'export', '--data', data, '--match', metric]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as Line).timestamps);
}

async function infoOf(data: string): Promise<Info> {
  const { stdout } = await runNowcast(['store', 'info', '--data', data, '--json']);
  return JSON.parse(stdout || '{"samples":0,"series":0}') as Info;
}

async function untilStored(data: string, count: number): Promise<number[]> {
  await expect
    .poll(async () => (await timesOf(data, 'node_time_seconds')).length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(count);
  return timesOf(data, 'node_time_seconds');
}

/** The oldest moment the first chart shows, read with the keyboard. */
async function oldestInChart(page: Page): Promise<string> {
  const chart = page.getByTestId('chart').first();
  await chart.locator('canvas').waitFor();
  await chart.focus();
  await chart.press('Home');
  return (await chart.locator('.chart-tooltip time').textContent()) ?? '';
}

it.skipIf(!hasBrowser)('shows what was before a kill -9, with no hole but the outage', async () => {
  using data = temporaryFolder();
  await using browser = await TestBrowser.open();
  const { page, errors } = await browser.page();
  let before: number[];
  let oldest: string;
  {
    await using hub = await startHubProcess({ data: data.path });
    before = await untilStored(data.path, 5);
    await page.goto(hub.url);
    oldest = await oldestInChart(page);
    await hub.stop('SIGKILL');
  }
  await page.goto('about:blank');
  await using hub = await startHubProcess({ data: data.path });
  const after = await untilStored(data.path, before.length + 2);
  // All that had been stored is there, each once, in order; between two measurements lies at most the outage.
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after).toEqual([...new Set(after)].sort((a, b) => a - b));
  await page.goto(hub.url);
  expect(await oldestInChart(page)).toBe(oldest);
  await page.getByRole('radio', { name: '1 h' }).check({ force: true });
  await page.getByTestId('chart-note').first().filter({ hasText: 'average of 15' }).waitFor();
  expect(errors).toEqual([]);
});

it('exports beside a running hub; imported elsewhere, the data answer alike', async () => {
  using data = temporaryFolder();
  using other = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  const times = await untilStored(data.path, 4);
  const endMs = String(times.at(-1));
  expect((await infoOf(data.path)).series).toBeGreaterThan(50);
  expect(await runNowcast(['store', 'verify', '--data', data.path])).toMatchObject({ code: 0 });
  const refused = await runNowcast(['store', 'import', '--data', data.path, '/dev/null']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/is in use by process \d+; stop it .*\(store-locked\)/);
  const file = join(other.path, 'all.jsonl');
  const until = ['--end', String(Number(endMs) / 1_000)];
  expect(await runNowcast(['store', 'export', '--data', data.path, ...until, file])).toMatchObject({
    code: 0,
  });
  appendFileSync(file, 'garbage\n');
  const imported = await runNowcast(['store', 'import', '--data', other.path, file]);
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  expect(imported.code).toBe(1);
  expect(imported.stderr).toContain(`${file}:${lines}: it is not JSON\n`);
  await using copy = await startHubProcess({ data: other.path, flags: ['--no-agent'] });
  const question = new URLSearchParams({
    query: '{__name__=~"node_.*"}',
    start: String((times[0] ?? 0) / 1_000),
    end: String(Number(endMs) / 1_000),
    step: '1',
  });
  const answers = await Promise.all(
    [hub, copy].map(async ({ url }) => {
      const response = await fetch(`${url}/api/v1/query_range?${question.toString()}`);
      return ((await response.json()) as { data: unknown }).data;
    }),
  );
  expect(answers[0]).toMatchObject({ resultType: 'matrix' });
  expect(answers[1]).toEqual(answers[0]);
});

const DAY_S = Math.floor(Date.UTC(2026, 0, 1) / 1_000);
const ROWS = 20_000;

function openMetrics(rows: number): string {
  const lines: string[] = ['# TYPE level gauge'];
  for (let row = 0; row < rows; row++) lines.push(`level{tank="a"} ${row % 97} ${DAY_S + row}`);
  return `${lines.join('\n')}\n`;
}

it('a kill -9 in the middle of an import leaves a sound store, and the import can be repeated', async () => {
  using data = temporaryFolder();
  const importing = spawn(process.execPath, [command, 'store', 'import', '--data', data.path], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  importing.stdin.on('error', () => importing.kill());
  importing.stdin.write(openMetrics(ROWS / 2));
  await expect.poll(() => infoOf(data.path), { timeout: 60_000 }).toMatchObject({ series: 1 });
  importing.kill('SIGKILL');
  await once(importing, 'close');
  expect(await runNowcast(['store', 'verify', '--data', data.path])).toMatchObject({ code: 0 });
  const file = join(data.path, 'all.txt');
  writeFileSync(file, `${openMetrics(ROWS)}# EOF\n`);
  const again = await runNowcast(['store', 'import', '--data', data.path, file]);
  expect(again.stderr).toMatch(/samples imported; .* were there already\n/);
  expect(again.code).toBe(0);
  expect(await infoOf(data.path)).toMatchObject({ samples: ROWS, series: 1 });
});

it('names damage with exit code 1, and repairs it with the damaged files kept', async () => {
  using data = temporaryFolder();
  const file = join(data.path, 'all.txt');
  writeFileSync(file, openMetrics(ROWS));
  await runNowcast(['store', 'import', '--data', data.path, file]);
  const samples = join(data.path, 'samples');
  const wal = readdirSync(samples).find((name) => name.endsWith('.wal')) ?? '';
  const bytes = readFileSync(join(samples, wal));
  bytes[40] = (bytes[40] as number) ^ 1;
  writeFileSync(join(samples, wal), bytes);
  const found = await runNowcast(['store', 'verify', '--data', data.path]);
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`${wal}  the checksum of a frame is wrong`);
  const repaired = await runNowcast(['store', 'repair', '--data', data.path]);
  expect(repaired).toMatchObject({ code: 0 });
  const kept = /unchanged, in (.*)\n/.exec(repaired.stdout)?.[1] ?? '';
  expect(readFileSync(join(kept, wal))).toEqual(bytes);
  expect(await runNowcast(['store', 'verify', '--data', data.path])).toMatchObject({ code: 0 });
});
