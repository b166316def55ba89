/** Standing queries under load: see README.md. */
import { LabelSet, type Queryable } from '@nowcast/model';
import { systemClock } from '@nowcast/std';
import { HubMetrics } from '../../packages/hub/src/metrics/hub-metrics.ts';
import { LiveLayer } from '../../packages/hub/src/live/live-layer.ts';
import type { LiveSource, Watcher } from '../../packages/hub/src/live/live-source.ts';
import { DEFAULT_LIVE } from '../../packages/hub/src/options.ts';

const [seconds = 10, queries = 1_000, series = 100_000, perSecond = 100_000] = process.argv
  .slice(2)
  .map(Number);
const TICK_MS = 10;
const WARM_UP_MS = 5_000;

const nothing: Queryable = {
  select: () => Promise.resolve({ series: [], warnings: [] }),
  labelSets: () => Promise.resolve([]),
  labelNames: () => Promise.resolve([]),
  labelValues: () => Promise.resolve([]),
};

const metrics = new HubMetrics();
const live = new LiveLayer({
  clock: systemClock,
  timing: DEFAULT_LIVE,
  metrics,
  queryable: nothing,
  historySamplesMax: 0,
});
for (let ref = 0; ref < series; ref++) {
  const labels = { __name__: 'm_total', group: String(ref % queries), member: String(ref) };
  live.registry.register(ref, LabelSet.from(labels));
}

/** By query: arrival of its oldest sample that has not been told, NaN when all have. */
const arrivedMs = new Float64Array(queries).fill(NaN);
const latenciesMs: number[] = [];
let measuring = false;

async function watch(group: number): Promise<LiveSource> {
  const source = live.source(`sum(rate(m_total{group="${group}"}[10s]))`);
  source.retain();
  await source.ready;
  const watcher: Watcher = {
    congested: false,
    deliver() {
      const sinceMs = arrivedMs[group] as number;
      if (measuring && !Number.isNaN(sinceMs)) latenciesMs.push(performance.now() - sinceMs);
      arrivedMs[group] = NaN;
    },
    joined: () => undefined,
    left: () => undefined,
    park: () => undefined,
    failed: (error) => process.stderr.write(`${error.message}\n`),
    regranted: () => undefined,
  };
  const channel = source.channel({ minIntervalMs: 0, digits: null, deadband: null });
  channel.refill();
  channel.add(watcher);
  return source;
}

const sources = await Promise.all(Array.from({ length: queries }, (_, group) => watch(group)));

let next = 0;
let owed = 0;
let tickedMs = performance.now();
let sent = 0;
function tick(): void {
  const nowMs = performance.now();
  owed += ((nowMs - tickedMs) * perSecond) / 1_000;
  tickedMs = nowMs;
  const count = Math.floor(owed);
  owed -= count;
  const refs = new Uint32Array(count);
  const values = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    refs[at] = next;
    values[at] = nowMs;
    const group = next % queries;
    if (Number.isNaN(arrivedMs[group])) arrivedMs[group] = nowMs;
    next = (next + 1) % series;
  }
  sent += count;
  live.standing.samples(Date.now(), refs, values);
}
const ticks = setInterval(tick, TICK_MS);

function report(elapsedS: number, cpu: NodeJS.CpuUsage, evaluations: number): void {
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): string =>
    (latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN).toFixed(1);
  const cpuShare = ((cpu.user + cpu.system) / 1e6 / elapsedS) * 100;
  const grants = sources
    .map(({ evaluationIntervalMs }) => evaluationIntervalMs ?? 0)
    .toSorted((a, b) => a - b);
  process.stdout.write(
    `${queries} queries, ${series} series, ${Math.round(sent / elapsedS)} samples/s, ${elapsedS.toFixed(1)} s\n` +
      `evaluations/s ${Math.round(evaluations / elapsedS)}   CPU ${cpuShare.toFixed(0)} %   ` +
      `arrival to update p50 ${at(0.5)} ms, p99 ${at(0.99)} ms   ` +
      `granted interval p50 ${grants[grants.length >> 1]}, max ${grants.at(-1)} ms   ` +
      `window samples ${live.standing.windowSamples}\n`,
  );
}

setTimeout(() => {
  measuring = true;
  sent = 0;
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const before = metrics.standingEvaluations.value();
  setTimeout(() => {
    const elapsedS = (performance.now() - startMs) / 1_000;
    report(elapsedS, process.cpuUsage(cpu), metrics.standingEvaluations.value() - before);
    clearInterval(ticks);
    live.close();
  }, seconds * 1_000);
}, WARM_UP_MS);
