import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { StaticPage } from './static-page.ts';

let page: StaticPage;
const script = 'console.log(1);'.repeat(50);

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'nowcast-page-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'web', 'assets'), { recursive: true });
  await writeFile(join(dir, 'secret.txt'), 'secret');
  await writeFile(join(dir, 'web', 'index.html'), '<!doctype html>');
  await writeFile(join(dir, 'web', 'assets', 'main-a1b2c3d4.js'), script);
  await writeFile(join(dir, 'web', 'assets', 'main-a1b2c3d4.js.br'), brotliCompressSync(script));
  page = new StaticPage(join(dir, 'web'));
});

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<Response | undefined> {
  return page.respond(path, new Headers(headers));
}

test('the page is revalidated, what is named by its content is kept for ever', async () => {
  const index = await get('/');
  expect(index?.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(index?.headers.get('cache-control')).toBe('no-cache');
  const asset = await get('/assets/main-a1b2c3d4.js');
  expect(asset?.headers.get('cache-control')).toContain('immutable');
  expect(await asset?.text()).toBe(script);
  const again = await get('/', { 'if-none-match': index?.headers.get('etag') ?? '' });
  expect(again?.status).toBe(304);
});

test('ready-made compressed files go to whoever takes them', async () => {
  const asset = await get('/assets/main-a1b2c3d4.js', { 'accept-encoding': 'gzip, br' });
  expect(asset?.headers.get('content-encoding')).toBe('br');
  expect(asset?.headers.get('content-type')).toContain('javascript');
  expect((await asset?.arrayBuffer())?.byteLength).toBeLessThan(script.length);
});

test('paths of the application get the page, missing files and other folders nothing', async () => {
  expect(await (await get('/hosts/web-1'))?.text()).toBe('<!doctype html>');
  for (const path of ['/missing.js', '/../secret.txt', '/%2e%2e/secret.txt', '/%00', '/%'])
    expect(await get(path)).toBeUndefined();
});
