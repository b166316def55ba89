import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../e2e/fixtures/free-port.ts';
import { PinnedProcess } from '../peers/pinned-process.ts';

export const SERVERS = ['nowcast', 'prometheus', 'victoria-metrics'] as const;
export type ServerName = (typeof SERVERS)[number];

/** A server alone on core 0, with its data in a folder that goes with it. */
export interface BenchServer {
  readonly name: ServerName;
  readonly url: string;
  readonly process: PinnedProcess;
}

export async function startBenchServer(name: ServerName): Promise<BenchServer> {
  const dir = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = commandOf(name, port, dir);
  const readyUrl = `${url}/api/v1/query?query=1`;
  return { name, url, process: await PinnedProcess.start({ command, readyUrl, dir }) };
}

function commandOf(name: ServerName, port: number, dir: string): readonly string[] {
  const address = `127.0.0.1:${port}`;
  if (name === 'nowcast') {
    const entry = fileURLToPath(new URL('../../packages/hub/test/api-server.ts', import.meta.url));
    const loader = createRequire(import.meta.url).resolve('tsx');
    return [process.execPath, '--import', loader, entry, String(port)];
  }
  if (name === 'victoria-metrics')
    return [
      'victoria-metrics',
      `-httpListenAddr=${address}`,
      `-storageDataPath=${dir}`,
      '-search.disableCache',
      '-retentionPeriod=1y',
    ];
  const config = join(dir, 'prometheus.yml');
  writeFileSync(config, 'storage:\n  tsdb:\n    out_of_order_time_window: 8d\n');
  return [
    'prometheus',
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=${address}`,
    '--web.enable-remote-write-receiver',
    '--log.level=error',
  ];
}
