/**
 * The agent inside another program: sampling runs in a thread of its own and comes back with a growing
 * delay when it has crashed. Whoever receives the batches sees one agent: refs are never used twice, and
 * the series of a thread that died end with staleness markers.
 */
import { Backoff, systemClock, type Clock, type Timer } from '@nowcast/std';
import { isStaleMarker, STALE_NAN, type LabelRecord } from '@nowcast/model';
import type { AgentLog } from './agent-log.ts';
import type { Batch } from './batch.ts';
import type { HostPaths } from './host.ts';
import { defaultLabels } from './default-labels.ts';
import {
  unpackBatch,
  type FromWorker,
  type ToWorker,
  type WorkerSettings,
} from './worker-messages.ts';
import { startSamplingThread } from './worker-thread.ts';

/** The part of a worker thread that is used. */
export interface SamplingThread {
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: ToWorker): void;
  terminate(): Promise<number>;
}

export interface AgentWorkerOptions {
  /** Called on the caller's thread once per tick; the batch's arrays are the caller's. */
  readonly onBatch: (batch: Batch) => void;
  readonly log: AgentLog;
  /** 1,000 when missing. */
  readonly intervalMs?: number | undefined;
  /** `job="node"` and `instance=<host name>` when missing. */
  readonly externalLabels?: LabelRecord | undefined;
  readonly paths?: Partial<HostPaths> | undefined;
  readonly clock?: Clock | undefined;
  /** How a thread is started; tests pass their own. */
  readonly startThread?: ((settings: WorkerSettings) => SamplingThread) | undefined;
}

export interface AgentWorker {
  /** Samples faster or slower from now on. */
  setInterval(intervalMs: number): void;
  /** Resolves when the thread has ended. */
  close(): Promise<void>;
}

const RESTART_BASE_MS = 500;
const RESTART_MAX_MS = 30_000;
/** A thread that has worked this long has shown that its start was not the trouble. */
const HEALTHY_AFTER_MS = 60_000;

export function startAgentWorker(options: AgentWorkerOptions): AgentWorker {
  return new SupervisedWorker(options);
}

class SupervisedWorker implements AgentWorker {
  readonly #options: AgentWorkerOptions;
  readonly #clock: Clock;
  readonly #backoff = new Backoff({ baseMs: RESTART_BASE_MS, maxMs: RESTART_MAX_MS });
  readonly #live = new Set<number>();
  #nextRef = 0;
  #intervalMs: number;
  #thread: SamplingThread | undefined;
  #exited: Promise<void> = Promise.resolve();
  #restart: Timer | undefined;
  #startedAtMs = 0;
  #isClosed = false;

  constructor(options: AgentWorkerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#intervalMs = options.intervalMs ?? 1_000;
    this.#start();
  }

  setInterval(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#thread?.postMessage({ kind: 'interval', intervalMs });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#restart?.cancel();
    this.#thread?.postMessage({ kind: 'stop' });
    await this.#thread?.terminate();
    await this.#exited;
  }

  #start(): void {
    this.#restart = undefined;
    this.#startedAtMs = this.#clock.monotonicMs();
    const thread = (this.#options.startThread ?? startSamplingThread)({
      intervalMs: this.#intervalMs,
      externalLabels: this.#options.externalLabels ?? defaultLabels(),
      paths: this.#options.paths ?? {},
      firstRef: this.#nextRef,
    });
    this.#thread = thread;
    let reason = '';
    thread.on('message', (message) => this.#receive(message));
    thread.on('error', (error) => (reason = error.message));
    this.#exited = new Promise((resolve) => {
      thread.on('exit', (code) => {
        this.#ended(reason === '' ? `exit code ${code}` : reason);
        resolve();
      });
    });
  }

  #receive(message: FromWorker): void {
    if (this.#isClosed) return;
    switch (message.kind) {
      case 'batch': {
        const batch = unpackBatch(message);
        this.#follow(batch);
        this.#options.onBatch(batch);
        break;
      }
      case 'log':
        this.#options.log[message.level](message.message);
        break;
    }
  }

  #follow({ newSeries, refs, values }: Batch): void {
    for (const { ref } of newSeries) {
      this.#live.add(ref);
      this.#nextRef = Math.max(this.#nextRef, ref + 1);
    }
    for (let at = 0; at < refs.length; at++)
      if (isStaleMarker(values[at] as number)) this.#live.delete(refs[at] as number);
  }

  #ended(reason: string): void {
    this.#thread = undefined;
    if (this.#isClosed) return;
    if (this.#clock.monotonicMs() - this.#startedAtMs >= HEALTHY_AFTER_MS) this.#backoff.reset();
    const delayMs = this.#backoff.nextMs();
    this.#options.log.warn(
      `agent-worker-crashed: the sampling thread ended (${reason}); it starts again in ${delayMs} ms`,
    );
    this.#endSeries();
    this.#restart = this.#clock.after(delayMs, () => this.#start());
  }

  #endSeries(): void {
    if (this.#live.size === 0) return;
    const refs = Uint32Array.from(this.#live);
    this.#live.clear();
    this.#options.onBatch({
      timeMs: Math.floor(this.#clock.nowMs()),
      newSeries: [],
      refs,
      values: new Float64Array(refs.length).fill(STALE_NAN),
    });
  }
}
