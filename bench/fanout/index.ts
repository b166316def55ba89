import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LoadPlan, LoadResult } from './load.ts';
import { readRecording } from './recording.ts';

interface Contender {
  readonly name: string;
  readonly server: URL;
  readonly args: readonly string[];
  readonly plan: Pick<LoadPlan, 'contender' | 'compression' | 'contract'>;
}

const TICKS_PER_SECOND = 100;
const SERVER_CORE = 0;
const LOAD_CORE = 1;
/** The second round asks for this share of the series: a rate that every contender keeps up with. */
const EASY_SHARE = 0.2;
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    viewers: { type: 'string', default: '100' },
    series: { type: 'string', default: '1000' },
    /** Folder of a recording to replay. */
    recording: { type: 'string' },
    /** Only contenders with this in their name. */
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(flags.seconds);
const viewers = Number(flags.viewers);
const { recording } = flags;

const hubServer = new URL('./hub-server.ts', import.meta.url);
const controlServer = new URL('./ws-json-server.ts', import.meta.url);
const load = new URL('./load.ts', import.meta.url);

const json: Contender = {
  name: 'JSON',
  server: hubServer,
  args: ['off', 'disk'],
  plan: { contender: 'nowcast.v1.json', compression: false, contract: {} },
};
const jsonInMemory: Contender = { ...json, name: 'JSON, memory', args: ['off', 'memory'] };
const binary: Contender = {
  ...json,
  name: 'binary',
  plan: { contender: 'nowcast.v1.bin', compression: false, contract: { digits: 4 } },
};
const binaryInMemory: Contender = { ...binary, name: 'binary, memory', args: ['off', 'memory'] };
const control: Contender = {
  name: 'ws + JSON',
  server: controlServer,
  args: [],
  plan: { contender: 'ws-json', compression: false, contract: {} },
};
const batchedControl: Contender = { ...control, name: 'ws + JSON, 20 ms', args: ['20'] };
const full: readonly Contender[] = [
  binary,
  binaryInMemory,
  {
    ...binaryInMemory,
    name: 'binary, every bit',
    plan: { ...binary.plan, contract: {} },
  },
  {
    ...binaryInMemory,
    name: 'binary, 5 a second',
    plan: { ...binary.plan, contract: { minIntervalMs: 200, digits: 4 } },
  },
  json,
  jsonInMemory,
  {
    ...jsonInMemory,
    name: 'JSON, deflate',
    args: ['always', 'memory'],
    plan: { ...json.plan, compression: true },
  },
  control,
  batchedControl,
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

async function run({ name, server, args, plan }: Contender, rate: number): Promise<void> {
  const serving = start(SERVER_CORE, server, args);
  const [line] = (await once(serving.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const whole: LoadPlan = {
    ...plan,
    url: line.toString().trim(),
    viewers,
    series: rate,
    recording,
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
    `${((updates / (viewers * rate * seconds)) * 100).toFixed(0)} %`,
    Math.round(updates / cpu).toLocaleString('en'),
    (updates / frames).toFixed(1),
    (bytes / updates).toFixed(2),
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
  'of asked',
  'per CPU-s',
  'per frame',
  'bytes each',
  'p50 ms',
  'p99 ms',
  'CPU',
  'load',
];
async function round(contenders: readonly Contender[], rate: number): Promise<void> {
  process.stdout.write(
    `\n${viewers} viewers × ${rate} series${recording === undefined ? '' : ` of ${recording}`} × 1 Hz, ${seconds} s each\n` +
      `${heads.map((head, at) => head.padStart(at === 0 ? 20 : 12)).join('')}\n`,
  );
  for (const contender of contenders)
    if (contender.name.includes(flags.only)) await run(contender, rate);
}

const series =
  recording === undefined
    ? Number(flags.series)
    : readRecording(recording).reduce((sum, { keys }) => sum + keys.length, 0);
await round(full, series);
if (recording === undefined)
  await round(
    [binary, binaryInMemory, jsonInMemory, control, batchedControl],
    Math.max(1, Math.round(series * EASY_SHARE)),
  );
