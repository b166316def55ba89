import { parseArgs } from 'node:util';
import { remoteWrite } from '../../packages/hub/test/remote-write-client.ts';
import { pieces, SHAPES } from './series.ts';
import { type BenchServer, type ServerName, SERVERS, startBenchServer } from './server.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, only: { type: 'string' } },
});
const runs = Number(values.runs);
const SAMPLES_PER_REQUEST = 10_000;

interface Query {
  readonly name: string;
  readonly query: string;
  readonly hours: number;
  readonly stepS: number;
}

const QUERIES: readonly Query[] = [
  { name: 'scalar (control)', query: 'vector(1)', hours: 1, stepS: 15 },
  { name: 'raw, 100 series, 1 h', query: 'wide_total{job="job-1"}', hours: 1, stepS: 15 },
  { name: 'raw, 1,000 series, 3 h', query: 'wide_total', hours: 3, stepS: 60 },
  {
    name: 'rate, 100 series, 1 h',
    query: 'rate(wide_total{job="job-1"}[5m])',
    hours: 1,
    stepS: 15,
  },
  {
    name: 'sum by rate, 1,000 series, 3 h',
    query: 'sum by (job) (rate(wide_total[5m]))',
    hours: 3,
    stepS: 30,
  },
  {
    name: 'topk rate, 1,000 series, 3 h',
    query: 'topk(5, rate(wide_total[5m]))',
    hours: 3,
    stepS: 60,
  },
  {
    name: 'quantile of histograms, 3 h',
    query: 'histogram_quantile(0.99, sum by (le, job) (rate(latency_bucket[5m])))',
    hours: 3,
    stepS: 30,
  },
  {
    name: 'join, 1,000 series, 1 h',
    query: 'rate(wide_total[5m]) / on (job) group_left () sum by (job) (rate(wide_total[5m]))',
    hours: 1,
    stepS: 30,
  },
  { name: 'avg by, 100 series, 7 d', query: 'avg by (job) (long)', hours: 168, stepS: 600 },
  {
    name: 'max_over_time, 100 series, 7 d',
    query: 'max_over_time(long[1h])',
    hours: 168,
    stepS: 1_800,
  },
  {
    name: 'avg_over_time, 100 series, 7 d',
    query: 'sum(avg_over_time(long[1h]))',
    hours: 168,
    stepS: 600,
  },
  {
    name: 'quantile_over_time, 1 d',
    query: 'quantile_over_time(0.9, long[30m])',
    hours: 24,
    stepS: 300,
  },
  {
    name: 'subquery, 100 series, 1 h',
    query: 'max_over_time(rate(wide_total{job="job-1"}[5m])[10m:1m])',
    hours: 1,
    stepS: 60,
  },
];

const endMs = Math.floor(Date.now() / 60_000) * 60_000;
const results = new Map<ServerName, Map<string, number>>();
const wanted = SERVERS.filter((name) => values.only === undefined || values.only.includes(name));
for (const name of wanted) {
  const server = await startBenchServer(name);
  await using pinned = server.process;
  await load(server);
  const medians = new Map<string, number>();
  for (const query of QUERIES) medians.set(query.name, await measure(server, query));
  results.set(name, medians);
  console.log(`${name}: ${pinned.residentMegabytes().toFixed(0)} MB resident`);
}
printTable();

async function load(server: BenchServer): Promise<void> {
  let samples = 0;
  const cpuBefore = server.process.cpuSeconds();
  const started = performance.now();
  // Oldest first over all shapes, as a sender would: Prometheus reads what comes late more slowly.
  const requests = SHAPES.flatMap((shape) => [...pieces(shape, endMs, SAMPLES_PER_REQUEST)]);
  requests.sort((one, other) => (one[0]?.timesMs[0] ?? 0) - (other[0]?.timesMs[0] ?? 0));
  for (const piece of requests) {
    await remoteWrite(server.url, piece);
    samples += piece.reduce((sum, { values: column }) => sum + column.length, 0);
  }
  const seconds = (performance.now() - started) / 1_000;
  const cpu = server.process.cpuSeconds() - cpuBefore;
  console.log(
    `${server.name}: ${samples} samples written in ${seconds.toFixed(1)} s, ${(samples / cpu / 1_000).toFixed(0)} k per second of its core`,
  );
}

async function measure(server: BenchServer, { query, hours, stepS }: Query): Promise<number> {
  const parameters = new URLSearchParams({
    query,
    start: String(endMs / 1_000 - hours * 3_600),
    end: String(endMs / 1_000),
    step: String(stepS),
    nocache: '1',
  });
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    const response = await fetch(`${server.url}/api/v1/query_range?${parameters.toString()}`);
    const bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok || bytes < 60) throw new Error(`${server.name}: ${query}: ${response.status}`);
    if (run > 0) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

function printTable(): void {
  const theirs = results.get('prometheus');
  console.log(
    `\n${'median of milliseconds'.padEnd(34)}${wanted.map((one) => one.padStart(18)).join('')}     ratio`,
  );
  const ratios: number[] = [];
  for (const { name } of QUERIES) {
    const cells = wanted.map((server) =>
      (results.get(server)?.get(name) ?? 0).toFixed(1).padStart(18),
    );
    const ratio = (results.get('nowcast')?.get(name) ?? 0) / (theirs?.get(name) ?? Number.NaN);
    ratios.push(ratio);
    console.log(`${name.padEnd(34)}${cells.join('')}${ratio.toFixed(2).padStart(10)}`);
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio to prometheus ${ratios[Math.floor(ratios.length / 2)]?.toFixed(2)}`);
}
