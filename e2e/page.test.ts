/// <reference lib="dom" />
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { hasBrowser, TestBrowser } from './fixtures/browser.ts';
import { startHubProcess, temporaryFolder } from './fixtures/nowcast-process.ts';

const inBrowser = it.skipIf(!hasBrowser);

/** Waits until the page says that it is live. */
async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
}

/** Resolves when the first chart has drawn something other than what it shows now. */
async function untilChartMoves(page: Page): Promise<void> {
  const picture = (): string =>
    document.querySelector<HTMLCanvasElement>('[data-testid=chart] canvas')?.toDataURL() ?? '';
  const before = await page.evaluate(picture);
  await page.waitForFunction(
    (old) => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=chart] canvas');
      return canvas !== null && canvas.width > 0 && canvas.toDataURL() !== old;
    },
    before,
    { polling: 100 },
  );
}

inBrowser('shows this machine live, with the values of /proc', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open();
  const { page, errors } = await browser.page();
  await page.goto(hub.url);
  await untilLive(page);
  await untilChartMoves(page);
  await untilChartMoves(page);
  const total = /MemTotal:\s+(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  const load = page.getByTestId('load-1');
  await expect
    .poll(async () => Number.parseFloat((await load.textContent()) ?? ''), { timeout: 60_000 })
    .toBeCloseTo(Number.parseFloat(readFileSync('/proc/loadavg', 'utf8')), 0);
  expect(Number(total)).toBeGreaterThan(0);
  expect(await page.title()).toMatch(/Nowcast/);
  expect(errors).toEqual([]);
});

inBrowser('comes back by itself, without a reload, when the hub was killed', async () => {
  using data = temporaryFolder();
  await using browser = await TestBrowser.open();
  const { page } = await browser.page();
  let port = 0;
  {
    await using hub = await startHubProcess({ data: data.path });
    port = hub.port;
    await page.goto(hub.url);
    await untilLive(page);
    await page.evaluate(() => void Object.assign(globalThis, { isSamePage: true }));
    await hub.stop('SIGKILL');
  }
  await page.locator('[data-testid=connection]:not([data-state=live])').waitFor();
  await page.getByTestId('banner').waitFor();
  await using hub = await startHubProcess({ data: data.path, port });
  await untilLive(page);
  await untilChartMoves(page);
  expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
  expect(await page.getByTestId('banner').count()).toBe(0);
  expect(hub.port).toBe(port);
});

inBrowser('says so when the CPU is saturated, and when it is well again', async () => {
  using data = temporaryFolder();
  const config = join(data.path, 'nowcast.yaml');
  writeFileSync(config, 'health: { cpuForMs: 1500, clearForMs: 1500, cpuBusyWarning: 0.98 }\n');
  await using hub = await startHubProcess({ data: data.path, flags: ['--config', config] });
  await using browser = await TestBrowser.open();
  const { page } = await browser.page();
  await page.goto(hub.url);
  await untilLive(page);
  const saturated = page.locator('[data-testid=alert][data-state=firing]', {
    hasText: 'CPU is saturated',
  });
  // More threads than cores, so that the browser and the hub do not leave gaps between them.
  const burners = Array.from(
    { length: availableParallelism() * 2 },
    () => new Worker('for (;;);', { eval: true }),
  );
  try {
    await saturated.waitFor({ timeout: 60_000 });
  } finally {
    await Promise.all(burners.map((burner) => burner.terminate()));
  }
  await saturated.waitFor({ state: 'detached', timeout: 60_000 });
});

inBrowser.each([
  ['en-US', 'en', 'Processors'],
  ['zh-CN', 'zh', '处理器'],
])('speaks the language of the browser: %s', async (locale, language, heading) => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open({ locale });
  const { page } = await browser.page();
  await page.goto(hub.url);
  await page.getByRole('heading', { name: heading }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toMatch(new RegExp(`^${language}`));
  await page.getByTestId('language').click();
  await page
    .getByRole('heading', { name: heading === '处理器' ? 'Processors' : '处理器' })
    .waitFor();
});

inBrowser('fits a phone', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = await browser.page();
  await page.goto(hub.url);
  await untilLive(page);
  await untilChartMoves(page);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

inBrowser('shows its first moving chart soon, and prints how soon', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open();
  const { page } = await browser.page();
  await page.goto(hub.url, { waitUntil: 'commit' });
  await page.locator('[data-testid=chart] canvas').first().waitFor();
  await untilChartMoves(page);
  const firstMs = await page.evaluate(() => performance.now());
  process.stdout.write(`first moving chart after ${Math.round(firstMs)} ms\n`);
});
