/** Publisher and viewers of one run. Prints one line of JSON with what was delivered between start and end. */
import { build, type Histogram } from 'hdr-histogram-js';
import { Viewer } from './viewer.ts';

export interface LoadPlan {
  readonly contender: 'nowcast' | 'ws-json';
  readonly url: string;
  readonly viewers: number;
  readonly series: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly compression: boolean;
  readonly contract: object;
}

export interface LoadResult {
  readonly updates: number;
  readonly frames: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface UpdateLike {
  readonly type: string;
  readonly groups?: readonly {
    readonly timeMs: number;
    readonly refs: readonly number[];
    readonly same?: readonly number[];
  }[];
}

const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan;
const nowMs = (): number => performance.timeOrigin + performance.now();
const latency: Histogram = build({
  highestTrackableValue: 60_000_000,
  numberOfSignificantValueDigits: 3,
});
let measuring = false;
let updates = 0;

function count(timeMs: number, samples: number): void {
  if (!measuring) return;
  updates += samples;
  latency.recordValueWithCount(Math.max(1, Math.round((nowMs() - timeMs) * 1_000)), samples);
}

function readNowcast(text: string): void {
  const input = JSON.parse(text) as UpdateLike | readonly UpdateLike[];
  for (const { groups = [] } of Array.isArray(input)
    ? (input as UpdateLike[])
    : [input as UpdateLike])
    for (const { timeMs, refs, same = [] } of groups) {
      let samples = refs.length;
      for (let at = 0; at < same.length; at += 2)
        samples += (same[at + 1] as number) - (same[at] as number) + 1;
      count(timeMs, samples);
    }
}

function readControl(text: string): void {
  count((JSON.parse(text) as { timeMs: number }).timeMs, 1);
}

const isNowcast = plan.contender === 'nowcast';
const protocol = isNowcast ? 'nowcast.v1.json' : undefined;
const hello = JSON.stringify({ type: 'hello', versions: [1] });
const name = (series: number): string => `bench_series_${series}`;

async function openViewers(): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  for (let at = 0; at < plan.viewers; at++) {
    const viewer = await Viewer.open({
      url: plan.url,
      protocol,
      compression: plan.compression,
      onText: isNowcast ? readNowcast : readControl,
    });
    if (isNowcast) {
      viewer.send(hello);
      const query = '{job="bench"}';
      const { contract } = plan;
      viewer.send(JSON.stringify({ type: 'subscribe', id: 'bench', query, contract }));
    } else viewer.send('"view"');
    viewers.push(viewer);
  }
  return viewers;
}

async function openPublisher(): Promise<(from: number, to: number) => void> {
  const publisher = await Viewer.open({
    url: plan.url,
    protocol,
    compression: false,
    onText: () => undefined,
  });
  const value = (): number => Math.round(Math.random() * 1e6) / 1e3;
  if (!isNowcast)
    return (from, to) => {
      const timeMs = nowMs();
      const samples = [];
      for (let at = from; at < to; at++)
        samples.push({ name: name(at % plan.series), timeMs, value: value() });
      publisher.send(JSON.stringify(samples));
    };
  publisher.send(hello);
  let seq = 0;
  const publish = (body: object): void =>
    publisher.send(
      JSON.stringify({ type: 'publish', source: 'bench', epoch: 1, seq: ++seq, ...body }),
    );
  for (let ref = 0; ref < plan.series; ref += 100)
    publish({
      groups: [],
      series: Array.from({ length: Math.min(100, plan.series - ref) }, (_, at) => ({
        ref: ref + at,
        labels: { __name__: name(ref + at), job: 'bench' },
      })),
    });
  return (from, to) => {
    const refs: number[] = [];
    const values: number[] = [];
    for (let at = from; at < to; at++) {
      refs.push(at % plan.series);
      values.push(value());
    }
    publish({ groups: [{ timeMs: nowMs(), refs, values }] });
  };
}

// When the bench itself was stopped.
process.once('disconnect', () => process.exit(1));
const viewers = await openViewers();
const publish = await openPublisher();
const startMs = nowMs();
let published = 0;
const pace = setInterval(() => {
  const due = Math.floor(((nowMs() - startMs) / 1_000) * plan.series);
  if (due > published) publish(published, due);
  published = due;
}, 1);

const sum = (of: (viewer: Viewer) => number): number =>
  viewers.reduce((total, viewer) => total + of(viewer), 0);
let before = { frames: 0, bytes: 0 };
setTimeout(() => {
  before = { frames: sum(({ frames }) => frames), bytes: sum(({ bytes }) => bytes) };
  measuring = true;
  process.send?.('begin');
}, plan.warmUpMs);
setTimeout(() => {
  measuring = false;
  clearInterval(pace);
  const result: LoadResult = {
    updates,
    frames: sum(({ frames }) => frames) - before.frames,
    bytes: sum(({ bytes }) => bytes) - before.bytes,
    p50Ms: latency.getValueAtPercentile(50) / 1_000,
    p99Ms: latency.getValueAtPercentile(99) / 1_000,
  };
  process.send?.(result, () => process.exit(0));
}, plan.warmUpMs + plan.measureMs);
