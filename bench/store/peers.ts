/** Debian's Prometheus and VictoriaMetrics on the same recording: bytes on disk and the time of the same reads. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatValue } from '@nowcast/model';
import type { Source } from './recording.ts';

export const PROMETHEUS = '/usr/bin/prometheus';
const PROMTOOL = '/usr/bin/promtool';
export const VICTORIA = '/usr/bin/victoria-metrics';

function count(sources: readonly Source[]): number {
  return sources.reduce(
    (sum, { scrapes }) => scrapes.reduce((inner, { values }) => inner + values.length, sum),
    0,
  );
}

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export async function untilUp(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} did not come up`);
}

async function timeQueries(title: string, base: string, sources: readonly Source[]): Promise<void> {
  const [first] = sources;
  const startMs = first?.scrapes[0]?.timeMs ?? 0;
  const endMs = first?.scrapes.at(-1)?.timeMs ?? 0;
  const range = `start=${startMs / 1_000}&end=${endMs / 1_000}`;
  const one = encodeURIComponent('{__name__="node_context_switches_total",job="node"}[1h]');
  const many = encodeURIComponent('{job="node"}');
  const urls = {
    '1 series, raw': `${base}/api/v1/query?query=${one}&time=${endMs / 1_000}`,
    'all of job node at 15 s steps': `${base}/api/v1/query_range?query=${many}&${range}&step=15`,
  };
  for (const [what, url] of Object.entries(urls)) {
    let best = Infinity;
    for (let run = 0; run < 5; run++) {
      const beforeMs = performance.now();
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${title} answered ${answer.status} to ${url}`);
      best = Math.min(best, performance.now() - beforeMs);
    }
    console.log(`${title}: ${what}, over HTTP: ${best.toFixed(1)} ms`);
  }
}

/** Sends SIGINT to a process started here and waits for its end. */
export async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  await exited;
}

function openMetrics(sources: readonly Source[]): string {
  const lines: string[] = [];
  for (const { labels, scrapes } of sources)
    labels.forEach((one, at) => {
      const parts = [...one].filter(([name]) => name !== '__name__');
      const text = parts.map(([name, value]) => `${name}="${value}"`).join(',');
      for (const { timeMs, values } of scrapes)
        if (at < values.length)
          lines.push(
            `${one.metric}{${text}} ${formatValue(values[at] as number)} ${timeMs / 1_000}`,
          );
    });
  // The format wants the series of one metric together.
  lines.sort((a, b) => {
    const [left, right] = [a.slice(0, a.indexOf('{')), b.slice(0, b.indexOf('{'))];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

export async function measurePrometheus(sources: readonly Source[]): Promise<void> {
  if (!existsSync(PROMETHEUS) || !existsSync(PROMTOOL)) {
    console.log('skipped prometheus: not installed');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'nowcast-bench-prometheus-'));
  const data = join(folder, 'data');
  const input = join(folder, 'input.om');
  writeFileSync(input, openMetrics(sources));
  const made = spawnSync(PROMTOOL, ['tsdb', 'create-blocks-from', 'openmetrics', input, data]);
  if (made.status !== 0) throw new Error(`promtool failed: ${String(made.stderr)}`);
  const blocks = readdirSync(data).map((name) => join(data, name));
  const chunks = blocks.reduce((sum, block) => sum + sizeOf(join(block, 'chunks')), 0);
  const all = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  const samples = count(sources);
  console.log(
    `prometheus: ${(chunks / samples).toFixed(3)} B/sample in chunks, ${(all / samples).toFixed(3)} with index`,
  );
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROMETHEUS,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
      '--storage.tsdb.retention.time=100y',
    ],
    { stdio: 'ignore' },
  );
  try {
    await untilUp(`http://${address}/-/ready`);
    await timeQueries('prometheus', `http://${address}`, sources);
  } finally {
    await stop(child);
    rmSync(folder, { recursive: true });
  }
}

export async function measureVictoria(sources: readonly Source[]): Promise<void> {
  if (!existsSync(VICTORIA)) {
    console.log('skipped victoria-metrics: not installed');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'nowcast-bench-victoria-'));
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${address}`;
  const child = spawn(
    VICTORIA,
    [`-storageDataPath=${folder}`, `-httpListenAddr=${address}`, '-retentionPeriod=100y'],
    { stdio: 'ignore' },
  );
  try {
    await untilUp(`${base}/health`);
    for (const { labels, scrapes } of sources)
      for (let from = 0; from < labels.length; from += 100) {
        const body = labels
          .slice(from, from + 100)
          .map((one, offset) => {
            const kept = scrapes.filter(({ values }) => Number.isFinite(values[from + offset]));
            const values = kept.map((scrape) => scrape.values[from + offset]);
            const timestamps = kept.map(({ timeMs }) => timeMs);
            return JSON.stringify({ metric: one.toRecord(), values, timestamps });
          })
          .join('\n');
        await fetch(`${base}/api/v1/import`, { method: 'POST', body });
      }
    await fetch(`${base}/internal/force_flush`);
    await fetch(`${base}/internal/force_merge`);
    await new Promise((done) => setTimeout(done, 3_000));
    const bytes = sizeOf(join(folder, 'data'));
    console.log(
      `victoria-metrics: ${(bytes / count(sources)).toFixed(4)} B/sample in data/ (labels not in it; ` +
        'not lossless, NaNs left out)',
    );
    await timeQueries('victoria-metrics', base, sources);
  } finally {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  }
}
