import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '@nowcast/model';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig, parseConfig } from './load.ts';

async function configFile(text: string): Promise<{ dir: string; file: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'nowcast-config-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'hub.yaml');
  await writeFile(file, text);
  return { dir, file };
}

function codeAndMessage(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CodedError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

test('a file becomes options, with paths relative to the file', async () => {
  const { dir, file } = await configFile(`
listen: { host: 0.0.0.0, port: 9000 }
data: var
tls: { cert_file: tls/cert.pem, key_file: /etc/key.pem }
origins: [https://board.example.org]
limits: { connectionsMax: 5 }
live: { flushMs: 50 }
`);
  expect(await loadConfig(file)).toEqual({
    host: '0.0.0.0',
    port: 9000,
    dataDir: join(dir, 'var'),
    tls: { certFile: join(dir, 'tls/cert.pem'), keyFile: '/etc/key.pem' },
    origins: ['https://board.example.org'],
    limits: { connectionsMax: 5 },
    live: { flushMs: 50 },
  });
});

test('an empty file is a configuration', () => {
  expect(parseConfig('', 'x.yaml')).toEqual({});
});

test('a mistake is named with its file and field', () => {
  const check = (text: string): string => codeAndMessage(() => parseConfig(text, 'x.yaml'));
  expect(check('limits: { connectionMax: 5 }')).toMatch(
    /^bad-config: x.yaml: limits.connectionMax: there is no such field/,
  );
  expect(check('listen: { port: 70000 }')).toMatch(/^bad-config: x.yaml: listen.port/);
  expect(check('health: { cpuForMs: long }')).toMatch(/expected number, found "long"$/);
  expect(check('token: short')).toMatch(/^bad-config: x.yaml: token/);
  expect(check('a: [')).toMatch(/^config-unreadable: x.yaml is not YAML/);
});

test('a missing file says so', async () => {
  await expect(loadConfig('/nonexistent/hub.yaml')).rejects.toMatchObject({
    code: 'config-unreadable',
  });
});
