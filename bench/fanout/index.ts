import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load.ts';

interface Contender {
  readonly name: string;
  readonly server: URL;
  readonly args: readonly string[];
  readonly plan: Pick<LoadPlan, 'contender' | 'compression' | 'contract'>;
}

const TICKS_PER_SECOND = 100;
const SERVER_CORE = 0;
const LOAD_CORE = 1;
const [seconds = 10, viewers = 100, series = 1_000] = process.argv.slice(2).map(Number);

const hubServer = new URL('./hub-server.ts', import.meta.url);
const controlServer = new URL('./ws-json-server.ts', import.meta.url);
const load = new URL('./load.ts', import.meta.url);

const contenders: readonly Contender[] = [
  {
    name: 'nowcast',
    server: hubServer,
    args: ['off'],
    plan: { contender: 'nowcast', compression: false, contract: {} },
  },
  {
    name: 'nowcast, deflate',
    server: hubServer,
    args: ['always'],
    plan: { contender: 'nowcast', compression: true, contract: {} },
  },
  {
    name: 'nowcast, 5 a second',
    server: hubServer,
    args: ['off'],
    plan: {
      contender: 'nowcast',
      compression: false,
      contract: { minIntervalMs: 200, digits: 4 },
    },
  },
  {
    name: 'ws + JSON',
    server: controlServer,
    args: [],
    plan: { contender: 'ws-json', compression: false, contract: {} },
  },
];

/** Runs a module of this folder on one core. */
function start(core: number, module: URL, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(module), args, {
    execPath: 'taskset',
    execArgv: ['-c', String(core), process.execPath, '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** User and system time of a process, all threads, in seconds. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function run({ name, server, args, plan }: Contender): Promise<void> {
  const serving = start(SERVER_CORE, server, args);
  const [line] = (await once(serving.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const whole: LoadPlan = {
    ...plan,
    url: line.toString().trim(),
    viewers,
    series,
    warmUpMs: 4_000,
    measureMs: seconds * 1_000,
  };
  const loading = start(LOAD_CORE, load, [JSON.stringify(whole)]);
  await once(loading, 'message');
  const before = cpuSeconds(serving.pid as number);
  const loadBefore = cpuSeconds(loading.pid as number);
  const [result] = (await once(loading, 'message')) as [LoadResult];
  const cpu = cpuSeconds(serving.pid as number) - before;
  const loadCpu = cpuSeconds(loading.pid as number) - loadBefore;
  serving.kill('SIGTERM');
  await once(serving, 'exit');
  const { updates, frames, bytes, p50Ms, p99Ms } = result;
  const cells = [
    name.padEnd(20),
    Math.round(updates / seconds).toLocaleString('en'),
    Math.round(updates / cpu).toLocaleString('en'),
    (updates / frames).toFixed(1),
    (bytes / updates).toFixed(1),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    `${((cpu / seconds) * 100).toFixed(0)} %`,
    `${((loadCpu / seconds) * 100).toFixed(0)} %`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(12)).join('')}\n`);
}

const heads = [
  '',
  'updates/s',
  'per CPU-s',
  'per frame',
  'bytes each',
  'p50 ms',
  'p99 ms',
  'CPU',
  'load',
];
process.stdout.write(
  `${viewers} viewers × ${series} series × 1 Hz, ${seconds} s each\n` +
    `${heads.map((head, at) => head.padStart(at === 0 ? 20 : 12)).join('')}\n`,
);
for (const contender of contenders) await run(contender);
