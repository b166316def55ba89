/** Nowcast's own figures; each function prints one paragraph. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { createMatcher, LabelSet } from '@nowcast/model';
import { openDiskStore, type DiskStoreOptions, type Store } from '@nowcast/tsdb';
import { labelTextBytes, type Scrape, type Source } from './recording.ts';

const HOUR_MS = 3_600_000;

export async function withStore<T>(
  options: Omit<DiskStoreOptions, 'directory'>,
  use: (store: Store, directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
  const store = await openDiskStore({ directory, ...options });
  try {
    return await use(store, directory);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true });
  }
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** The shortest of several runs, in milliseconds. */
export async function fastest(runs: number, work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now();
    await work();
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

function refsOf(store: Store, { labels }: Source): Uint32Array {
  return Uint32Array.from(labels, (one) => store.series(one));
}

export async function measureSize(title: string, sources: readonly Source[]): Promise<void> {
  const options = { sealAfterMs: 0, sealSamples: 1e9, checkMs: 1e9, retentionMs: 1e14 };
  await withStore(options, async (store, directory) => {
    let samples = 0;
    for (const source of sources) {
      const refs = refsOf(store, source);
      for (const { timeMs, values } of source.scrapes) {
        store.append(timeMs, refs.subarray(0, values.length), values);
        samples += values.length;
      }
    }
    await store.flushed();
    const wal = readdirSync(directory)
      .filter((name) => name.endsWith('.wal'))
      .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    const startMs = performance.now();
    await store.maintain();
    const sealMs = performance.now() - startMs;
    const [block = 0, rollups = 0] = ['.blk', '.roll'].map((ending) =>
      readdirSync(directory)
        .filter((name) => name.endsWith(ending))
        .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
    );
    const text = labelTextBytes(sources);
    console.log(
      `size, ${title}: ${((block - text) / samples).toFixed(4)} B/sample without label text ` +
        `(${(block / samples).toFixed(4)} with; ${number(samples)} samples, ${number(block)} bytes); ` +
        `rollups ${((rollups - text * 2) / samples).toFixed(4)} B/sample beside it; ` +
        `WAL ${(wal / samples).toFixed(3)} B/sample; sealed and rolled up in ${number(sealMs)} ms`,
    );
  });
}

export async function measureAppend(sources: readonly Source[]): Promise<void> {
  await withStore({ retentionMs: 1e12 }, async (store) => {
    const refs = sources.map((source) => refsOf(store, source));
    const spanMs = 2_200_000;
    let samples = 0;
    const startMs = performance.now();
    const cpu = process.cpuUsage();
    let blockedMs = 0;
    for (let row = 0; row < 8 * 2_100; row++)
      for (const [at, { scrapes }] of sources.entries()) {
        const { timeMs, values } = scrapes[row % 2_100] as Scrape;
        const own = (refs[at] as Uint32Array).subarray(0, values.length);
        const before = performance.now();
        store.append(timeMs + Math.floor(row / 2_100) * spanMs, own, values);
        blockedMs += performance.now() - before;
        samples += values.length;
        if (samples % 65_536 < values.length) await new Promise((done) => setImmediate(done));
      }
    await store.flushed();
    const wallMs = performance.now() - startMs;
    const { user, system } = process.cpuUsage(cpu);
    console.log(
      `append: ${number(samples / blockedMs / 1_000, 1)} M samples/s in append alone, ` +
        `${number(samples / wallMs / 1_000, 1)} M/s until durable with sealing beside it ` +
        `(${number((user + system) / 1e6, 1)} s CPU of all threads for ${number(samples)} samples)`,
    );
  });
}

export async function measureNewSeries(): Promise<void> {
  const count = 200_000;
  const rates: number[] = [];
  // Several stores, since other work on the machine halves a rate more often than not.
  for (let run = 0; run < 3; run++)
    await withStore({ retentionMs: 1e12 }, async (store) => {
      const labels = Array.from({ length: count }, (_, at) => podLabels(at));
      const startMs = performance.now();
      for (let at = 0; at < count; at += 1_000) {
        const refs = labels.slice(at, at + 1_000).map((one) => store.series(one));
        store.append(Date.now(), refs, new Float64Array(refs.length));
      }
      rates.push(count / (performance.now() - startMs));
      await store.flushed();
    });
  const all = rates.map((rate) => number(rate)).join(', ');
  console.log(`new series with their first sample: ${number(Math.max(...rates))} k/s (${all})`);
}

export function podLabels(at: number): LabelSet {
  return LabelSet.from({
    __name__: `metric_${at % 100}`,
    instance: `host-${Math.floor(at / 1_000)}:9100`,
    job: `job-${at % 7}`,
    pod: `pod-${Math.floor(at / 100)}`,
    zone: ['a', 'b', 'c'][at % 3] ?? '',
  });
}

export async function measureReads(sources: readonly Source[]): Promise<void> {
  const options = { sealSamples: 1e9, checkMs: 1e9, retentionMs: 1e12, sealAfterMs: 0 };
  await withStore(options, async (store) => {
    const startMs = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 2 * 86_400_000;
    const source = sources[0] as Source;
    const changing = source.labels.slice(0, 500);
    const refs = Uint32Array.from(changing, (one) => store.series(one));
    for (let second = 0; second < 86_400; second++) {
      const scrape = source.scrapes[second % source.scrapes.length];
      if (scrape === undefined) break;
      // All 500 for the hour that is read, one for the whole day.
      const width = second >= 36_000 && second < 39_600 ? refs.length : 1;
      store.append(
        startMs + second * 1_000,
        refs.subarray(0, width),
        scrape.values.slice(0, width),
      );
      if (second % 1_000 === 0) await new Promise((done) => setImmediate(done));
    }
    await store.maintain();
    const one = [
      createMatcher('__name__', '=', changing[0]?.metric ?? ''),
      ...exactly(changing[0]),
    ];
    const day = { startMs, endMs: startMs + 86_399_000 };
    const dayMs = await fastest(20, () => store.select({ matchers: one, ...day }));
    const all = [createMatcher('job', '=', 'node')];
    const hour = { startMs: startMs + 36_000_000, endMs: startMs + 39_599_000 };
    let samples = 0;
    const hourMs = await fastest(10, async () => {
      const { series } = await store.select({ matchers: all, ...hour });
      samples = series.reduce((sum, { values }) => sum + averages(values), 0);
    });
    console.log(
      `read, warm: 1 series × 1 day raw ${dayMs.toFixed(2)} ms; ` +
        `500 series × 1 h to 15 s averages ${hourMs.toFixed(1)} ms (${number(samples)} samples)`,
    );
  });
}

function exactly(labels: LabelSet | undefined): ReturnType<typeof createMatcher>[] {
  return [...(labels ?? [])].map(([name, value]) => createMatcher(name, '=', value));
}

/** Fifteen-second averages, thrown away; returns how many samples went in. */
function averages(values: Float64Array): number {
  let [sum, kept] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    sum += values[at] as number;
    if (at % 15 === 14) [kept, sum] = [kept + sum / 15, 0];
  }
  return Number.isNaN(kept) ? values.length : values.length;
}

export async function measureMatchers(): Promise<void> {
  const options = { sealSamples: 1e9, checkMs: 1e9, retentionMs: 1e12, sealAfterMs: 1e9 };
  await withStore(options, async (store) => {
    for (let at = 0; at < 100_000; at += 1_000) {
      const refs = Array.from({ length: 1_000 }, (_, more) => store.series(podLabels(at + more)));
      store.append(Date.now(), refs, new Float64Array(1_000).fill(1));
      await new Promise((done) => setImmediate(done));
    }
    const cases: Record<string, ReturnType<typeof createMatcher>[]> = {
      'equal, 1,000 series': [createMatcher('__name__', '=', 'metric_7')],
      'equal and equal, 10 series': [
        createMatcher('__name__', '=', 'metric_7'),
        createMatcher('instance', '=', 'host-42:9100'),
      ],
      'regex, 10 series': [
        createMatcher('__name__', '=', 'metric_7'),
        createMatcher('pod', '=~', 'pod-(1|2|3).?'),
      ],
      'negative, 333 series': [
        createMatcher('__name__', '=', 'metric_7'),
        createMatcher('zone', '!~', 'a|b'),
      ],
    };
    for (const [title, matchers] of Object.entries(cases)) {
      const ms = await fastest(10, () =>
        store.select({ matchers, startMs: Date.now() - HOUR_MS, endMs: Date.now() }),
      );
      console.log(`matchers over 100,000 series in the head, ${title}: ${ms.toFixed(2)} ms`);
    }
  });
}

/** An idle thread: what its event loop is delayed by is the machine, not the store. */
const CONTROL = `
  const { parentPort } = require('node:worker_threads');
  const histogram = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  parentPort.once('message', () => {
    const at = (share) => (histogram.percentile(share) / 1e6).toFixed(2);
    parentPort.postMessage('p50 ' + at(50) + ' p99 ' + at(99) + ' p99.9 ' + at(99.9) + ' max ' + at(100) + ' ms');
  });
`;

/**
 * The most CPU time the main thread used between two ticks of a millisecond's timer: what it held the event loop
 * for by itself, whatever else runs on the machine. Garbage collection counts, waiting for a core does not.
 */
function watchTurns(): { readonly stop: () => number } {
  const cpuMs = (): number =>
    Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  let [before, longest] = [cpuMs(), 0];
  const timer = setInterval(() => {
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

/** 100 senders of 1,000 series each. */
export async function measureLive(seconds: number): Promise<void> {
  const options = { sealSamples: 300_000, checkMs: 1_000 };
  await withStore(options, async (store) => {
    const senders = Array.from({ length: 100 }, (_, sender) =>
      Uint32Array.from({ length: 1_000 }, (_, at) => store.series(podLabels(sender * 1_000 + at))),
    );
    const values = new Float64Array(1_000);
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    const turns = watchTurns();
    const control = new Worker(CONTROL, { eval: true });
    const startMs = performance.now();
    let appendMs = 0;
    let reads = 0;
    let lastRead: Promise<unknown> = Promise.resolve();
    histogram.enable();
    for (let tick = 0; performance.now() - startMs < seconds * 1_000; tick++) {
      const before = performance.now();
      for (let at = 0; at < values.length; at++) values[at] = at % 3 === 0 ? tick : at;
      store.append(Date.now(), senders[tick % 100] as Uint32Array, values);
      appendMs += performance.now() - before;
      if (tick % 200 === 199) {
        reads++;
        lastRead = store.select({
          matchers: [createMatcher('__name__', '=~', 'metric_[0-9]')],
          startMs: Date.now() - HOUR_MS,
          endMs: Date.now(),
        });
      }
      const nextMs = startMs + (tick + 1) * 10;
      await new Promise((done) => setTimeout(done, Math.max(0, nextMs - performance.now())));
    }
    histogram.disable();
    const longestTurnMs = turns.stop();
    await lastRead;
    control.postMessage('stop');
    const idle = await new Promise((done) => control.once('message', done));
    const quantile = (share: number): string => (histogram.percentile(share) / 1e6).toFixed(2);
    const { rss } = process.memoryUsage();
    const { disk, samples, memoryBytes } = store.stats();
    console.log(
      `event loop, 100,000 samples/s for ${seconds} s, ${disk?.seals} seals, ${disk?.merges} merges, ` +
        `${reads} reads of 10,000 series: delay p50 ${quantile(50)} p99 ${quantile(99)} ` +
        `p99.9 ${quantile(99.9)} max ${(histogram.max / 1e6).toFixed(2)} ms; ` +
        `longest of this thread's own turns, in CPU time: ${longestTurnMs.toFixed(2)} ms; ` +
        `control, an idle thread meanwhile: ${String(idle)} (timer resolution 1 ms); ` +
        `append took ${number(appendMs)} ms in all`,
    );
    console.log(
      `memory, 100,000 series: ${number(rss / 1e6)} MB resident in all ` +
        `(${number(rss / 100_000)} B per series), samples in memory ${number(memoryBytes / 1e6)} MB, ` +
        `${number(samples)} samples, longest sync ${disk?.syncMsMax.toFixed(1)} ms`,
    );
  });
}

export async function measureReplay(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
  const options = { directory, sealSamples: 1e9, checkMs: 1e9, retentionMs: 1e14 };
  const store = await openDiskStore(options);
  const refs = Uint32Array.from({ length: 1_000 }, (_, at) => store.series(podLabels(at)));
  const values = new Float64Array(1_000);
  for (let row = 0; row < 10_000; row++) {
    for (let at = 0; at < values.length; at += 4) values[at] = row * at;
    store.append(row * 1_000, refs, values);
    if (row % 100 === 0) await new Promise((done) => setImmediate(done));
  }
  await store.close();
  const startMs = performance.now();
  const again = await openDiskStore(options);
  const ms = performance.now() - startMs;
  console.log(
    `start with 10 M samples in the WAL: ${number(ms)} ms (${number(again.stats().samples)} samples back)`,
  );
  await again.close();
  rmSync(directory, { recursive: true });
}
