import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, TestPublisher } from '@nowcast/testkit';
import { expect, onTestFinished, test } from 'vitest';

async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'nowcast-hub-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('ready and healthy as Prometheus has them, metrics in its format', async () => {
  await using hub = await startTestHub();
  const answer = async (path: string): Promise<[number, string]> => {
    const response = await fetch(hub.url + path);
    return [response.status, await response.text()];
  };
  expect(await answer('/-/ready')).toEqual([200, 'Nowcast Server is Ready.\n']);
  expect(await answer('/-/healthy')).toEqual([200, 'Nowcast Server is Healthy.\n']);
  const [status, text] = await answer('/metrics');
  expect(status).toBe(200);
  const names = new Set<string>();
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, name = ''] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
    if (kind === 'TYPE') names.add(name);
    if (kind !== undefined) continue;
    expect(line).toMatch(/^nowcast_\w+(\{[^}]+\})? [-+\d.e]+$/);
    expect(names).toContain(/^\w+/.exec(line)?.[0]?.replace(/_(bucket|sum|count)$/, ''));
  }
});

test('a taken port is named', async () => {
  await using hub = await startTestHub();
  await expect(startTestHub({ port: hub.hub.port })).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(hub.hub.port)) as string,
  });
});

test('an address of another machine, unreadable certificates, an unusable folder', async () => {
  await expect(startTestHub({ host: '203.0.113.1' })).rejects.toMatchObject({
    code: 'address-unavailable',
  });
  const tls = { certFile: '/nonexistent/cert.pem', keyFile: '/nonexistent/key.pem' };
  await expect(startTestHub({ tls })).rejects.toMatchObject({ code: 'tls-unreadable' });
  await expect(startTestHub({ dataDir: '/dev/null/x' })).rejects.toMatchObject({
    code: 'data-dir-unusable',
  });
});

test('beyond loopback a token is made, kept for its owner only, and made once', async () => {
  const dataDir = await temporaryDir();
  const links: string[] = [];
  for (let start = 0; start < 2; start++) {
    await using hub = await startTestHub({ dataDir, host: '0.0.0.0' });
    links.push(new URL(hub.hub.loginUrl).search);
    const url = `http://127.0.0.1:${hub.hub.port}`;
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    const login = await fetch(`${url}/metrics${links[0]}`, { redirect: 'manual' });
    expect([login.status, login.headers.get('location')]).toEqual([303, '/metrics']);
    const cookie = login.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200);
  }
  expect(links[0]).toMatch(/^\?token=[\w-]{32}$/);
  expect(links[1]).toBe(links[0]);
  expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
});

test('requests that name another host, and changes from other pages, are refused', async () => {
  await using hub = await startTestHub();
  const status = (path: string, method: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request(hub.url + path, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  expect(await status('/-/ready', 'GET', { host: 'evil.example.org' })).toBe(403);
  expect(await status('/-/ready', 'GET', { host: '127.0.0.1.example.org' })).toBe(403);
  const origin = 'https://evil.example.org';
  expect(await status('/api/v1/write', 'POST', { origin })).toBe(403);
});

test('samples written over HTTP are live at once, and live ones can be queried', async () => {
  await using hub = await startTestHub();
  const publisher = new TestPublisher(await hub.session());
  await publisher.define([{ __name__: 'a', instance: 'i', job: 'j' }], { values: [42] });
  const answer = await fetch(`${hub.url}/api/v1/query?query=a`);
  expect(await answer.json()).toMatchObject({
    data: { result: [{ metric: { __name__: 'a' }, value: [expect.any(Number), '42'] }] },
  });
  const hosts = await fetch(`${hub.url}/api/v1/hosts`);
  expect(await hosts.json()).toMatchObject({ data: [{ instance: 'i', job: 'j', series: 1 }] });
});

test('closing does not wait for a reader that does not take part', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const stuck = await hub.session();
  stuck.raw.stopReading();
  const closed = hub.hub.close();
  // The gate is shut first: whoever comes now is sent away.
  await expect(hub.connect()).rejects.toMatchObject({ status: 503 });
  clock.advance(2_000);
  await closed;
  expect(clock.pending).toBe(0);
});

test('samples outlive the hub when they are stored on disk', async () => {
  const dataDir = await temporaryDir();
  const timeMs = Date.now();
  for (const round of [0, 1]) {
    await using hub = await startTestHub({ dataDir, store: 'disk' });
    const session = await hub.session();
    if (round === 0) {
      const publisher = new TestPublisher(session);
      await publisher.define([{ __name__: 'a' }], { timeMs, values: [7] });
      continue;
    }
    const update = await session.subscribe({ id: 's', query: 'a', historyMs: 600_000 });
    expect(update).toMatchObject({ history: true, groups: [{ timeMs, values: [7] }] });
  }
});
