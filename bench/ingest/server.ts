import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../e2e/fixtures/free-port.ts';

export const SERVERS = ['nowcast', 'nowcast in memory', 'prometheus', 'victoria-metrics'] as const;
export type ServerName = (typeof SERVERS)[number];

/** A server with all its threads alone on core 0, with its data in a folder that goes with it. */
export class IngestServer implements AsyncDisposable {
  readonly name: ServerName;
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #dir: string;

  private constructor(name: ServerName, port: number, nodeFlags: readonly string[]) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#dir = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
    const command = commandOf(name, { port, dir: this.#dir, nodeFlags });
    this.#child = spawn('taskset', ['-c', '0', ...command], {
      stdio: 'ignore',
      env: { ...process.env, GOMAXPROCS: '1' },
    });
  }

  static async start(name: ServerName, nodeFlags: readonly string[]): Promise<IngestServer> {
    const server = new IngestServer(name, await freePort(), nodeFlags);
    for (let attempt = 0; attempt < 600; attempt++) {
      const answer = await fetch(`${server.url}/api/v1/query?query=1`).catch(() => undefined);
      if (answer?.ok === true) return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} did not become ready`);
  }

  /** Processor time used so far by all threads, in seconds. */
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
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null) await ended;
    rmSync(this.#dir, { recursive: true, force: true });
  }
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
