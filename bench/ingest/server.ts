import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../e2e/fixtures/free-port.ts';
import { PinnedProcess } from '../peers/pinned-process.ts';

export const SERVERS = ['nowcast', 'nowcast in memory', 'prometheus', 'victoria-metrics'] as const;
export type ServerName = (typeof SERVERS)[number];

/** A server alone on core 0, with its data in a folder that goes with it. */
export interface IngestServer {
  readonly name: ServerName;
  readonly url: string;
  readonly process: PinnedProcess;
}

export async function startIngestServer(
  name: ServerName,
  nodeFlags: readonly string[],
): Promise<IngestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = commandOf(name, { port, dir, nodeFlags });
  const readyUrl = `${url}/api/v1/query?query=1`;
  return { name, url, process: await PinnedProcess.start({ command, readyUrl, dir }) };
}

interface Place {
  readonly port: number;
  readonly dir: string;
  readonly nodeFlags: readonly string[];
}

function commandOf(name: ServerName, { port, dir, nodeFlags }: Place): readonly string[] {
  const address = `127.0.0.1:${port}`;
  if (name === 'victoria-metrics')
    return [name, `-httpListenAddr=${address}`, `-storageDataPath=${dir}`, '-retentionPeriod=1y'];
  const config = join(dir, 'config.yml');
  if (name === 'prometheus') {
    writeFileSync(config, '');
    return [
      name,
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ];
  }
  const product = fileURLToPath(new URL('../../dist/nowcast.js', import.meta.url));
  writeFileSync(config, `store: ${name === 'nowcast' ? 'disk' : 'memory'}\n`);
  const args = ['up', '--config', config, '--port', String(port), '--data', dir, '--no-agent'];
  return [process.execPath, ...nodeFlags, product, ...args];
}
