import { LabelSet } from '@nowcast/model';
import { build } from 'hdr-histogram-js';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { remoteWrite } from '../../packages/hub/test/remote-write-client.ts';
import { pieces, SHAPES } from '../query/series.ts';
import type { LoopDelay } from './hub-process.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    queries: { type: 'string', default: '10' },
  },
});
const secondsPerPhase = Number(values.seconds);
const SAMPLES_PER_REQUEST = 10_000;
const PROBE_MS = 50;
const HEAVY = 'sum by (job) (rate(wide_total[5m]))';

const hub = fork(fileURLToPath(new URL('./hub-process.ts', import.meta.url)), {
  execArgv: ['--import', 'tsx'],
});
const [url] = (await once(hub, 'message')) as [string];
const endMs = Date.now();
for (const shape of SHAPES.slice(0, 1))
  for (const piece of pieces(shape, endMs, SAMPLES_PER_REQUEST)) await remoteWrite(url, piece);

const probe = await openProbe(url);
// The first one starts the query thread, which from source is compiled for it.
const range = { start: String(endMs / 1_000 - 3 * 3_600), end: String(endMs / 1_000), step: '15' };
const search = new URLSearchParams({ query: HEAVY, ...range }).toString();
const heavyUrl = `${url}/api/v1/query_range?${search}`;
await (await fetch(heavyUrl)).arrayBuffer();
print(await phase('quiet'));
const load = new AbortController();
let answered = 0;
const queries = Array.from({ length: Number(values.queries) }, () => ask(load.signal));
print(await phase(`${values.queries} heavy queries`));
load.abort();
await Promise.all(queries);
process.stdout.write(`${answered} queries answered meanwhile\n`);
probe.close();
hub.disconnect();

interface Phase {
  readonly name: string;
  readonly loop: LoopDelay;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly probes: number;
}

async function phase(name: string): Promise<Phase> {
  const latency = build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
  const untilMs = performance.now() + secondsPerPhase * 1_000;
  await loopDelay();
  while (performance.now() < untilMs) {
    const startedMs = performance.now();
    await probe.send();
    latency.recordValue(Math.max(1, Math.round((performance.now() - startedMs) * 1_000)));
    await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
  }
  const ms = (percentile: number): number => latency.getValueAtPercentile(percentile) / 1_000;
  const loop = await loopDelay();
  return { name, loop, p50Ms: ms(50), p99Ms: ms(99), maxMs: ms(100), probes: latency.totalCount };
}

async function loopDelay(): Promise<LoopDelay> {
  const answer = once(hub, 'message');
  hub.send('delay');
  const [delay] = (await answer) as [LoopDelay];
  return delay;
}

/** Asks again and again until the signal. */
async function ask(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(heavyUrl, { signal }).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (text?.startsWith('{"status":"success"') === true) answered++;
    else if (!signal.aborted) throw new Error(`a query failed: ${text}`);
  }
}

interface Probe {
  /** Writes one sample; resolves when the socket has shown it. */
  send(): Promise<void>;
  close(): void;
}

async function openProbe(hubUrl: string): Promise<Probe> {
  const socket = new WebSocket(`${hubUrl.replace('http', 'ws')}/monitor`, 'nowcast.v1.json');
  await once(socket, 'open');
  let value = Math.floor(Math.random() * 1e6);
  let shown: (() => void) | undefined;
  socket.on('message', (data: Buffer) => {
    if (data.toString().includes(String(value))) shown?.();
  });
  socket.send(JSON.stringify({ type: 'hello', versions: [1] }));
  socket.send(JSON.stringify({ type: 'subscribe', id: 'probe', query: 'probe', contract: {} }));
  const labels = LabelSet.from({ __name__: 'probe' });
  return {
    async send() {
      value++;
      const seen = new Promise<void>((resolve) => (shown = resolve));
      const column = { timesMs: Float64Array.of(Date.now()), values: Float64Array.of(value) };
      await remoteWrite(hubUrl, [{ labels, ...column }]);
      await seen;
    },
    close: () => socket.close(),
  };
}

function print({ name, loop, ...latency }: Phase): void {
  const line = ({ p50Ms, p99Ms, maxMs }: Omit<LoopDelay, 'name'>): string =>
    [p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1).padStart(9)).join('');
  process.stdout.write(
    `\n${name}, ${latency.probes} probes${' '.repeat(Math.max(1, 32 - name.length))}p50      p99      max  ms\n` +
      `  delay of the event loop     ${line(loop)}\n  remote write to socket      ${line(latency)}\n`,
  );
}
