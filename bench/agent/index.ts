/**
 * Cost of the agent at one sample a second, beside node_exporter scraped each second in the same run.
 * `npm run bench -- agent [SECONDS]`
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const NODE_EXPORTER = '/usr/bin/prometheus-node-exporter';
const TICKS_PER_SECOND = 100;
const WARM_UP_SECONDS = 10;
const seconds = Number(process.argv[2] ?? 40);

interface Usage {
  /** User and system time since the start of the process. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
  readonly peakMb: number;
}

function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMb: kilobytes('VmRSS') / 1024,
    peakMb: kilobytes('VmHWM') / 1024,
  };
}

async function startExporter(): Promise<{ child: ChildProcess; url: string } | undefined> {
  if (!existsSync(NODE_EXPORTER)) return undefined;
  const child = spawn(NODE_EXPORTER, ['--web.listen-address=127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return { child, url: `http://${address}/metrics` };
  }
  return undefined;
}

async function bundleAgent(folder: string): Promise<string> {
  const outfile = join(folder, 'agent.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./agent-process.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

const PRODUCT = fileURLToPath(new URL('../../dist/nowcast.js', import.meta.url));

/** A hub without an agent of its own, for the command to publish to; its cost is not counted. */
async function startHub(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const args = [PRODUCT, 'up', '--no-agent', '--port', '0', '--data', join(folder, 'data')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /https?:\/\/\S+:\d+/.exec(line)?.[0];
    if (url !== undefined) return { child, url };
  }
  throw new Error('the hub did not start');
}

async function seriesOf(hubUrl: string): Promise<number> {
  const answer = await fetch(`${hubUrl}/api/v1/status/tsdb`);
  const body = (await answer.json()) as { data: { headStats: { numSeries: number } } };
  return body.data.headStats.numSeries;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
const exporter = await startExporter();
const hub = await startHub(folder);
const publishing = spawn(process.execPath, [PRODUCT, 'agent', '--hub', hub.url], {
  stdio: 'ignore',
});
const agent = fork(await bundleAgent(folder), {
  execArgv: ['--max-semi-space-size=1', '--single-threaded-gc'],
});
try {
  let series = 0;
  agent.on('message', (message: { series: number }) => (series = message.series));
  let exporterSeries = 0;
  const scraping = setInterval(() => {
    if (exporter === undefined) return;
    void fetch(exporter.url)
      .then((response) => response.text())
      .then((text) => (exporterSeries = text.match(/^[a-z]/gm)?.length ?? 0));
  }, 1000);

  await pause(WARM_UP_SECONDS * 1000);
  let published = 0;
  const processes = [
    { name: 'nowcast agent', pid: publishing.pid as number, series: () => published },
    { name: 'sampling alone', pid: agent.pid as number, series: () => series },
    ...(exporter === undefined
      ? []
      : [
          {
            name: 'node_exporter',
            pid: exporter.child.pid as number,
            series: () => exporterSeries,
          },
        ]),
  ];
  const before = processes.map(({ pid }) => usageOf(pid));
  const startMs = performance.now();
  await pause(seconds * 1000);
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  clearInterval(scraping);
  published = await seriesOf(hub.url);

  console.log(
    `one sample a second for ${elapsedSeconds.toFixed(0)} s, after ${WARM_UP_SECONDS} s\n`,
  );
  console.log('                   series    CPU of a core    RSS      peak');
  for (const [at, { name, pid, series }] of processes.entries()) {
    const after = usageOf(pid);
    const share = (after.cpuSeconds - (before[at]?.cpuSeconds ?? 0)) / elapsedSeconds;
    console.log(
      [
        name.padEnd(16),
        String(series()).padStart(9),
        `${(share * 100).toFixed(2)} %`.padStart(16),
        `${after.residentMb.toFixed(0)} MB`.padStart(9),
        `${after.peakMb.toFixed(0)} MB`.padStart(9),
      ].join(''),
    );
  }
  if (exporter === undefined)
    console.log(`\n${NODE_EXPORTER} is not installed: nothing to compare`);
} finally {
  for (const child of [agent, publishing, hub.child, exporter?.child]) {
    if (child === undefined || child.exitCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
