/** Publisher and viewers of one run. Tells its parent what was delivered between start and end. */
import { Delivery, nowMs } from './delivery.ts';
import { readRecording } from './recording.ts';
import { Viewer } from './viewer.ts';

export interface LoadPlan {
  /** The subprotocol, or the control. */
  readonly contender: 'nowcast.v1.bin' | 'nowcast.v1.json' | 'ws-json';
  readonly url: string;
  readonly viewers: number;
  readonly series: number;
  /** Folder of a recording that is replayed at its own pace instead of made-up series. */
  readonly recording: string | undefined;
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

/** Values of series `from`, `from` + 1 … as they are measured now. */
type Publish = (from: number, values: readonly number[]) => void;

const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan;
const delivery = new Delivery();
const isNowcast = plan.contender !== 'ws-json';
const protocol = isNowcast ? plan.contender : undefined;
const hello = JSON.stringify({ type: 'hello', versions: [1] });
const DEFINITIONS_PER_BATCH = 100;

async function openViewers(): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  const { url, compression, contract } = plan;
  for (let at = 0; at < plan.viewers; at++) {
    const viewer = await Viewer.open({
      url,
      protocol,
      compression,
      onFrame: (frame, from) =>
        isNowcast ? delivery.nowcast(frame, from) : delivery.control(frame as string),
    });
    if (isNowcast) {
      viewer.send(hello);
      const query = '{job="bench"}';
      viewer.send(JSON.stringify({ type: 'subscribe', id: 'bench', query, contract }));
    } else viewer.send('"view"');
    viewers.push(viewer);
  }
  return viewers;
}

async function openPublisher(names: readonly string[]): Promise<Publish> {
  const { url } = plan;
  const publisher = await Viewer.open({
    url,
    protocol,
    compression: false,
    onFrame: () => undefined,
  });
  const timeMs = (): number => Math.floor(nowMs());
  if (!isNowcast)
    return (from, values) => {
      const samples = values.map((value, at) => ({
        name: names[from + at],
        timeMs: timeMs(),
        value,
      }));
      publisher.send(JSON.stringify(samples));
    };
  publisher.send(hello);
  let seq = 0;
  const send = (body: object): void =>
    publisher.send(
      JSON.stringify({ type: 'publish', source: 'bench', epoch: 1, seq: ++seq, ...body }),
    );
  for (let first = 0; first < names.length; first += DEFINITIONS_PER_BATCH)
    send({
      groups: [],
      series: names.slice(first, first + DEFINITIONS_PER_BATCH).map((name, at) => ({
        ref: first + at,
        labels: { __name__: 'bench', name, job: 'bench' },
      })),
    });
  return (from, values) => {
    const refs = values.map((_, at) => from + at);
    send({ groups: [{ timeMs: timeMs(), refs, values: values.map(toWire) }] });
  };
}

function toWire(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Each series once a second, at a moment of its own. */
function publishEvenly(publish: Publish): NodeJS.Timeout {
  const startMs = nowMs();
  let published = 0;
  return setInterval(() => {
    const due = Math.floor(((nowMs() - startMs) / 1_000) * plan.series);
    while (published < due) {
      const from = published % plan.series;
      const count = Math.min(due - published, plan.series - from);
      const value = (): number => Math.round(Math.random() * 1e6) / 1e3;
      publish(from, Array.from({ length: count }, value));
      published += count;
    }
  }, 1);
}

/** Each target's scrape once a second, the targets one after the other within it. */
function replay(publish: Publish, targets: ReturnType<typeof readRecording>): NodeJS.Timeout {
  const startMs = nowMs();
  const told = targets.map(() => 0);
  return setInterval(() => {
    const elapsedS = (nowMs() - startMs) / 1_000;
    let first = 0;
    for (const [at, { keys, scrapes }] of targets.entries()) {
      const due = Math.floor(elapsedS - at / targets.length);
      const scrape = scrapes[told[at] as number];
      if ((told[at] as number) < due && scrape !== undefined) {
        told[at] = (told[at] as number) + 1;
        publish(first, [...scrape]);
      }
      first += keys.length;
    }
  }, 1);
}

// When the bench itself was stopped.
process.once('disconnect', () => process.exit(1));
const targets = plan.recording === undefined ? [] : readRecording(plan.recording);
const names =
  plan.recording === undefined
    ? Array.from({ length: plan.series }, (_, at) => `series_${at}`)
    : targets.flatMap(({ keys }) => keys);
const viewers = await openViewers();
const publish = await openPublisher(names);
const pace = plan.recording === undefined ? publishEvenly(publish) : replay(publish, targets);

const sum = (of: (viewer: Viewer) => number): number =>
  viewers.reduce((total, viewer) => total + of(viewer), 0);
let before = { frames: 0, bytes: 0 };
setTimeout(() => {
  before = { frames: sum(({ frames }) => frames), bytes: sum(({ bytes }) => bytes) };
  delivery.measuring = true;
  process.send?.('begin');
}, plan.warmUpMs);
setTimeout(() => {
  delivery.measuring = false;
  clearInterval(pace);
  const result: LoadResult = {
    updates: delivery.updates,
    frames: sum(({ frames }) => frames) - before.frames,
    bytes: sum(({ bytes }) => bytes) - before.bytes,
    p50Ms: delivery.latency.getValueAtPercentile(50) / 1_000,
    p99Ms: delivery.latency.getValueAtPercentile(99) / 1_000,
  };
  process.send?.(result, () => process.exit(0));
}, plan.warmUpMs + plan.measureMs);
