/** Prometheus's official editor completes against the API, in a real browser. */
import { LabelSet } from '@nowcast/model';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ApiServer } from '../packages/hub/test/api-fixture.ts';
import { remoteWrite } from '../packages/hub/test/remote-write-client.ts';
import { hasBrowser, TestBrowser } from './fixtures/browser.ts';

async function editorScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./fixtures/editor-page.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** What the editor proposes once `wanted` is among it. */
async function proposals(page: Page, wanted: string): Promise<readonly string[]> {
  const labels = page.locator('.cm-tooltip-autocomplete .cm-completionLabel');
  await labels.getByText(wanted, { exact: true }).first().waitFor();
  return labels.allTextContents();
}

describe.skipIf(!hasBrowser)('codemirror-promql', () => {
  test('completes metrics, label names and label values', async () => {
    await using ours = await ApiServer.start({ api: { corsOrigins: ['*'] } });
    await remoteWrite(
      ours.url,
      ['api', 'database'].map((job) => ({
        labels: LabelSet.from({ __name__: 'zebra_hits_total', job, region: 'north' }),
        timesMs: Float64Array.of(Date.now()),
        values: Float64Array.of(1),
      })),
    );
    await using browser = await TestBrowser.open();
    const { page, errors } = await browser.page();
    await page.evaluate((url) => {
      globalThis.apiUrl = url;
    }, ours.url);
    await page.addScriptTag({ content: await editorScript() });
    await page.keyboard.type('zebra');
    expect(await proposals(page, 'zebra_hits_total')).toContain('zebra_hits_total');
    await page.keyboard.type('_hits_total{re');
    expect(await proposals(page, 'region')).not.toContain('zebra_hits_total');
    await page.keyboard.type('gion="north", job="');
    expect(await proposals(page, 'database')).toEqual(expect.arrayContaining(['api', 'database']));
    expect(errors).toEqual([]);
  });
});
