/** Remote write bodies as a real Prometheus sends them: fed with samples, and told to send them on to us. */
import { LabelSet, type SeriesData } from '@nowcast/model';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../e2e/fixtures/free-port.ts';
import { remoteWrite } from '../../packages/hub/test/remote-write-client.ts';

export interface Recording {
  /** Streams of bodies; each keeps its order, and no series is in two. */
  readonly streams: readonly (readonly Buffer[])[];
  readonly samples: number;
  readonly series: number;
}

export interface RecordingShape {
  /** Scraped targets; each brings `METRICS` series at a time of its own. */
  readonly targets: number;
  readonly rounds: number;
}

/** Remote write queues of the sender, each for its share of the targets. */
const STREAMS = 16;
const METRICS = 100;
const PROGRAM = '/usr/bin/prometheus';
const ROUND_MS = 1_000;

/** @param shape rounds go forward from now, and servers take no more than ten minutes of that. */
export async function record(shape: RecordingShape): Promise<Recording> {
  const streams: Buffer[][] = Array.from({ length: STREAMS }, () => []);
  await using sink = await Sink.start((stream, body) => streams[stream]?.push(body));
  await using sender = await Sender.start(sink.url);
  const targets = Array.from({ length: shape.targets }, (_, target) => labelsOf(target));
  const startMs = Date.now() + 2_000;
  const samples = shape.targets * METRICS * shape.rounds;
  for (let round = 0; round < shape.rounds; round++)
    for (let target = 0; target < shape.targets; target += 10)
      await remoteWrite(
        sender.url,
        scrapes(targets.slice(target, target + 10), target, {
          timeMs: startMs + round * ROUND_MS,
          round,
        }),
      );
  await sender.hasSent(samples);
  return { streams, samples, series: shape.targets * METRICS };
}

/** What targets show in one round, each at its own offset. */
function scrapes(
  targets: readonly (readonly LabelSet[])[],
  from: number,
  { timeMs, round }: { readonly timeMs: number; readonly round: number },
): readonly SeriesData[] {
  return targets.flatMap((series, at) =>
    series.map((labels, metric) => {
      const seed = (from + at) * METRICS + metric + round * 7_919;
      const noise = (Math.imul(seed, 0x9e3779b1) >>> 8) / 2 ** 24;
      const value = isCounter(metric)
        ? round * 15 + Math.floor(noise * 1_500) / 100
        : Math.floor(noise * 1e6) * 4_096;
      const offsetMs = ((from + at) * 37) % ROUND_MS;
      return {
        labels,
        timesMs: Float64Array.of(timeMs + offsetMs),
        values: Float64Array.of(value),
      };
    }),
  );
}

function isCounter(metric: number): boolean {
  return metric % 3 !== 0;
}

function labelsOf(target: number): readonly LabelSet[] {
  return Array.from({ length: METRICS }, (_, metric) =>
    LabelSet.from({
      __name__: isCounter(metric)
        ? `node_cpu_seconds_${metric}_total`
        : `node_memory_${metric}_bytes`,
      cluster: 'production-east',
      cpu: String(metric % 8),
      instance: `host-${target}.example.org:9100`,
      job: 'node',
      mode: ['idle', 'user', 'system', 'iowait'][metric % 4] as string,
    }),
  );
}

class Sink implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param heard hears each body and to which stream it belongs. */
  static async start(heard: (stream: number, body: Buffer) => void): Promise<Sink> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        heard(Number(request.url?.slice(1)), Buffer.concat(chunks));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Sink(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One shard keeps the order of the samples. */
function queueConfig(url: string, at: number): string {
  return `  - url: ${url}
    name: queue-${at}
    metadata_config: { send: false }
    queue_config: { max_shards: 1 }
    write_relabel_configs:
      - { action: hashmod, source_labels: [instance], modulus: ${STREAMS}, target_label: __tmp_queue }
      - { action: keep, source_labels: [__tmp_queue], regex: '${at}' }
      - { action: labeldrop, regex: __tmp_queue }
`;
}

/** A Prometheus that sends on what it is sent, as one with a queue of default settings does. */
class Sender implements AsyncDisposable {
  readonly url: string;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = url;
    this.#stop = stop;
  }

  static async start(sinkUrl: string): Promise<Sender> {
    const dir = mkdtempSync(join(tmpdir(), 'nowcast-bench-'));
    const port = await freePort();
    const config = join(dir, 'prometheus.yml');
    const queues = Array.from({ length: STREAMS }, (_, at) => queueConfig(`${sinkUrl}/${at}`, at));
    writeFileSync(config, `remote_write:\n${queues.join('')}`);
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ];
    const child = spawn(PROGRAM, args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const sender = new Sender(`http://127.0.0.1:${port}`, async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    });
    for (let attempt = 0; attempt < 400; attempt++) {
      const answer = await fetch(`${sender.url}/-/ready`).catch(() => undefined);
      if (answer?.ok === true) return sender;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('prometheus did not become ready');
  }

  async hasSent(samples: number): Promise<void> {
    for (let attempt = 0; attempt < 1_200; attempt++) {
      const text = await (await fetch(`${this.url}/metrics`)).text();
      const sent = text.matchAll(/^prometheus_remote_storage_samples_total\{.*\} (\S+)/gm);
      const pending = text.matchAll(/^prometheus_remote_storage_samples_pending\{.*\} (\S+)/gm);
      const sum = (found: Iterable<RegExpExecArray>): number =>
        [...found].reduce((total, [, number]) => total + Number(number), 0);
      if (sum(sent) >= samples && sum(pending) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('prometheus did not send everything on');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
