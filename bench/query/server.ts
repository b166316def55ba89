import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../e2e/fixtures/free-port.ts';

export const SERVERS = ['nowcast', 'prometheus', 'victoria-metrics'] as const;
export type ServerName = (typeof SERVERS)[number];

/** A server alone on core 0, with its data in a folder that goes with it. */
export class BenchServer implements AsyncDisposable {
  readonly name: ServerName;
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #dir: string;

  private constructor(name: ServerName, port: number, dir: string) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#dir = dir;
    const [program, ...args] = commandOf(name, port, dir);
    this.#child = spawn('taskset', ['-c', '0', program as string, ...args], {
      stdio: 'ignore',
      env: { ...process.env, GOMAXPROCS: '1' },
    });
  }

  static async start(name: ServerName): Promise<BenchServer> {
    const dir = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
    const server = new BenchServer(name, await freePort(), dir);
    for (let attempt = 0; attempt < 400; attempt++) {
      const answer = await fetch(`${server.url}/api/v1/query?query=1`).catch(() => undefined);
      if (answer?.ok) return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} did not become ready`);
  }

  /** Processor time used so far, in seconds. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
    return (Number(fields?.[11]) + Number(fields?.[12])) / 100;
  }

  residentMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null) await ended;
    rmSync(this.#dir, { recursive: true, force: true });
  }
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
