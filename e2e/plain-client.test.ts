import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { hasBrowser, TestBrowser } from './fixtures/browser.ts';
import { startHubProcess, temporaryFolder } from './fixtures/nowcast-process.ts';

/** The client of the article the project began with, word for word but for the port. */
const clientScript = (url: string): string => `
const socket = new WebSocket('${url}');
socket.onopen = () => {
  console.log('connected');
  setInterval(() => socket.send('心跳'), 10000);
  socket.send('心跳');
};
socket.onmessage = (event) => console.log('received:', event.data);
socket.onclose = () => console.log('closed');
socket.onerror = (error) => console.log('error', error);
`;

const heard = (lines: readonly string[]): unknown[] =>
  lines
    .filter((line) => line.startsWith('received:'))
    .map((line) => JSON.parse(line.slice('received:'.length)) as unknown);

/** Greeted, answered, and shown this machine's numbers: what the script must have printed. */
const complete = (lines: readonly string[]): boolean => {
  const types = heard(lines).map((message) => (message as { type: string }).type);
  return types.includes('heartbeat') && types.filter((type) => type === 'overview').length >= 2;
};

it('the ten-line client works in Node', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  const script = `import { WebSocket } from 'ws';${clientScript(hub.monitorUrl)}`;
  const client = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const chunk of client.stdout.setEncoding('utf8')) {
    lines.push(...String(chunk).split('\n'));
    if (complete(lines)) break;
  }
  client.kill();
  if (client.exitCode === null && client.signalCode === null) await once(client, 'exit');
  expect(heard(lines)[0]).toMatchObject({ type: 'welcome' });
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
});

// Chromium itself keeps pages of other places, a blank tab too, from opening sockets to this machine.
it.skipIf(!hasBrowser)('the ten-line client works in the console of Chromium', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open();
  const { page } = await browser.page();
  await page.goto(`${hub.url}/-/ready`);
  const lines: string[] = [];
  const done = new Promise<void>((resolve) => {
    page.on('console', (message) => {
      lines.push(message.text());
      if (complete(lines)) resolve();
    });
  });
  await page.evaluate(clientScript(hub.monitorUrl));
  await done;
  expect(heard(lines)[0]).toMatchObject({ type: 'welcome' });
  const overview = heard(lines).find(
    (message) => (message as { type: string }).type === 'overview',
  );
  expect(overview).toMatchObject({ hosts: [{ instance: expect.any(String) as string }] });
});

it.skipIf(!hasBrowser)('the example page shows a live number when opened from disk', async () => {
  using data = temporaryFolder();
  await using hub = await startHubProcess({ data: data.path });
  await using browser = await TestBrowser.open();
  const { page, errors } = await browser.page();
  const example = new URL('../examples/page-with-live-number.html', import.meta.url);
  const copy = join(data.path, 'page.html');
  writeFileSync(
    copy,
    readFileSync(example, 'utf8').replace('localhost:8080', new URL(hub.url).host),
  );
  await page.goto(`file://${copy}`);
  await page.locator('#cpu', { hasText: '%' }).waitFor();
  expect(errors).toEqual([]);
});
