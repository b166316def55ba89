/** Resident memory and reads at the same load: 100,000 series, a sample a second, Nowcast beside the peers. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher, type LabelSet } from '@nowcast/model';
import { remoteWrite } from '../../packages/hub/test/remote-write-client.ts';
import { fastest, number, podLabels, withStore } from './own.ts';
import { freePort, PROMETHEUS, stop, untilUp, VICTORIA } from './peers.ts';

const SERIES = 100_000;
const BATCH = 1_000;
const ROWS = 10;

/** Sends the load as fast as it is taken, and returns how long that took. */
async function send(
  write: (timeMs: number, labels: readonly LabelSet[], values: Float64Array) => Promise<void>,
): Promise<{ readonly ms: number; readonly endMs: number }> {
  const labels = Array.from({ length: SERIES }, (_, at) => podLabels(at));
  const firstMs = Date.now() - ROWS * 1_000;
  const beforeMs = performance.now();
  for (let row = 0; row < ROWS; row++)
    for (let at = 0; at < SERIES; at += BATCH) {
      const values = Float64Array.from({ length: BATCH }, (_, one) =>
        one % 3 === 0 ? row * 100 + at : one,
      );
      await write(firstMs + row * 1_000, labels.slice(at, at + BATCH), values);
    }
  return { ms: performance.now() - beforeMs, endMs: firstMs + ROWS * 1_000 };
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024;
}

function report(title: string, bytes: number, times: readonly (readonly [string, number])[]): void {
  const reads = times.map(([what, ms]) => `${what} ${ms.toFixed(1)} ms`).join(', ');
  console.log(
    `${title}: ${number(bytes / 1e6)} MB resident, ${number(bytes / SERIES)} B per series; ${reads}`,
  );
}

async function measureOwn(): Promise<void> {
  const before = residentBytes(process.pid);
  await withStore({ sealSamples: 1_000_000 }, async (store) => {
    const refs = new Map<string, Uint32Array>();
    const { ms, endMs } = await send(async (timeMs, labels, values) => {
      const key = labels[0]?.key ?? '';
      const known = refs.get(key) ?? Uint32Array.from(labels, (one) => store.series(one));
      refs.set(key, known);
      store.append(timeMs, known, values);
      await store.flushed();
    });
    await store.maintain();
    const range = { startMs: endMs - 60_000, endMs };
    const select = async (matchers: ReturnType<typeof createMatcher>[]): Promise<number> =>
      fastest(5, () => store.select({ matchers, ...range }));
    const one = [createMatcher('__name__', '=', 'metric_7'), createMatcher('pod', '=', 'pod-42')];
    const many = [createMatcher('__name__', '=', 'metric_7')];
    const times = [
      ['written in', ms],
      ['1 series', await select(one)],
      ['1,000 series', await select(many)],
    ] as const;
    report('nowcast, in process', residentBytes(process.pid) - before, times);
  });
}

async function measurePeer(title: string, file: string, options: string[]): Promise<void> {
  if (!existsSync(file)) {
    console.log(`skipped ${title}: not installed`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'nowcast-bench-load-'));
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  const address = `127.0.0.1:${await freePort()}`;
  const place = (text: string): string =>
    text.replace('FOLDER', folder).replace('ADDRESS', address);
  const child = spawn(file, options.map(place), { stdio: 'ignore' });
  try {
    await untilUp(`http://${address}${title === 'prometheus' ? '/-/ready' : '/health'}`);
    const { ms, endMs } = await send((timeMs, labels, values) =>
      remoteWrite(
        `http://${address}`,
        labels.map((one, at) => ({
          labels: one,
          timesMs: Float64Array.of(timeMs),
          values: values.subarray(at, at + 1),
        })),
      ),
    );
    const read = (selector: string): Promise<number> =>
      fastest(5, async () => {
        const query = encodeURIComponent(`${selector}[1m]`);
        const url = `http://${address}/api/v1/query?query=${query}&time=${endMs / 1_000}`;
        const answer = await fetch(url);
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${title} answered ${answer.status} to ${url}`);
      });
    const times = [
      ['written in', ms],
      ['1 series over HTTP', await read('metric_7{pod="pod-42"}')],
      ['1,000 series over HTTP', await read('metric_7')],
    ] as const;
    report(title, residentBytes(child.pid ?? 0), times);
  } finally {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function measureLoad(): Promise<void> {
  console.log(`load: ${number(SERIES)} series × ${ROWS} samples in batches of ${number(BATCH)}`);
  await measureOwn();
  await measurePeer('prometheus', PROMETHEUS, [
    '--config.file=FOLDER/prometheus.yml',
    '--storage.tsdb.path=FOLDER/data',
    '--web.listen-address=ADDRESS',
    '--web.enable-remote-write-receiver',
  ]);
  await measurePeer('victoria-metrics', VICTORIA, [
    '-storageDataPath=FOLDER',
    '-httpListenAddr=ADDRESS',
  ]);
}
