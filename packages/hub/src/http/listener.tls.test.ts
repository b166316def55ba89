import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { FakeClock } from '@nowcast/std/testing';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { Listener } from './listener.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function makeCertificate(dir: string, name: string): void {
  const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, '-subj', `/CN=${name}`], {
    stdio: 'ignore',
  });
}

async function servedName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { subject }: PeerCertificate = socket.getPeerCertificate();
      resolve(String(subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test.skipIf(!hasOpenssl)('a renewed certificate is taken, a broken one is not', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'nowcast-tls-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  makeCertificate(dir, 'first');
  const listener = await Listener.create({
    host: '127.0.0.1',
    port: 0,
    tls: { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') },
    handler: (_, response) => void response.end(),
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
  });
  await listener.listen();
  onTestFinished(() => listener.close());
  expect(await servedName(listener.port)).toBe('first');
  makeCertificate(dir, 'second');
  await listener.reloadCertificate();
  expect(await servedName(listener.port)).toBe('second');
  await writeFile(join(dir, 'cert.pem'), 'nonsense');
  await listener.reloadCertificate();
  expect(await servedName(listener.port)).toBe('second');
});

test('a port that is taken is told by its number', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { readonly port: number };
  const listener = await Listener.create({
    host: '127.0.0.1',
    port,
    tls: undefined,
    handler: (_, response) => void response.end(),
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
  });
  await expect(listener.listen()).rejects.toMatchObject({ code: 'port-in-use', details: { port } });
});
