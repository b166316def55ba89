/**
 * Samples the machine on the grid of the interval: whole seconds at the interval of one second. A tick
 * that comes late is taken once for the newest point of the grid; those missed meanwhile are left out.
 * Times handed out rise, unless the machine's clock is set back by more than an interval.
 */
import type { Clock, Timer } from '@nowcast/std';
import type { LabelRecord } from '@nowcast/model';
import type { AgentLog } from './agent-log.ts';
import type { BatchSink } from './batch.ts';
import { BatchBuffer } from './batch-buffer.ts';
import type { CollectorModule } from './collector.ts';
import { CollectorRunner } from './collector-runner.ts';
import { Host, type HostPaths } from './host.ts';
import { gauge, SeriesGroup, type Slot } from './series-group.ts';

export interface SamplerOptions {
  readonly clock: Clock;
  readonly sink: BatchSink;
  readonly collectors: readonly CollectorModule[];
  /** Added to every series, such as `job` and `instance`. */
  readonly externalLabels?: LabelRecord | undefined;
  /** 1,000 when missing; kept within `INTERVAL_MIN_MS` and `INTERVAL_MAX_MS`. */
  readonly intervalMs?: number | undefined;
  readonly paths?: Partial<HostPaths> | undefined;
  /** The first ref given out, so that a sampler that follows another one does not reuse its refs. */
  readonly firstRef?: number | undefined;
  readonly log?: AgentLog | undefined;
}

export const INTERVAL_MIN_MS = 100;
export const INTERVAL_MAX_MS = 60_000;
const INTERVAL_MS = 1_000;

const SUCCESS = gauge('node_scrape_collector_success', 'Whether a collector works (1) or not (0).');
const DURATION = gauge('node_scrape_collector_duration_seconds', 'Time of its last pass.');
const SILENT: AgentLog = { info() {}, warn() {} };

interface Run {
  readonly runner: CollectorRunner;
  readonly success: Slot;
  readonly duration: Slot;
}

export class Sampler {
  readonly #clock: Clock;
  readonly #sink: BatchSink;
  readonly #host: Host;
  readonly #buffer: BatchBuffer;
  readonly #own: SeriesGroup;
  readonly #runs: readonly Run[];
  #intervalMs: number;
  #lastTimeMs = -Infinity;
  #timer: Timer | undefined;

  constructor(options: SamplerOptions) {
    const { clock, externalLabels = {}, log = SILENT } = options;
    this.#clock = clock;
    this.#sink = options.sink;
    this.#host = new Host(options.paths);
    this.#buffer = new BatchBuffer(options.firstRef ?? 0);
    this.#intervalMs = clampInterval(options.intervalMs ?? INTERVAL_MS);
    this.#own = new SeriesGroup(externalLabels);
    this.#runs = options.collectors.map((module) => {
      const series = new SeriesGroup(externalLabels);
      const labels = { collector: module.name };
      return {
        runner: new CollectorRunner(module, {
          host: this.#host,
          series,
          log,
          monotonicMs: () => clock.monotonicMs(),
        }),
        success: this.#own.define(SUCCESS, labels),
        duration: this.#own.define(DURATION, labels),
      };
    });
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Begins to sample, first at once and then on the grid. */
  start(): void {
    if (this.#timer === undefined) this.#tick();
  }

  /** Samples faster or slower from now on. */
  setInterval(intervalMs: number): void {
    this.#intervalMs = clampInterval(intervalMs);
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#schedule();
  }

  /** Stops sampling and closes all files. Series are not ended: the agent may come back. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#host.close();
  }

  #schedule(): void {
    const nowMs = this.#clock.nowMs();
    this.#timer = this.#clock.after(this.#intervalMs - (nowMs % this.#intervalMs), () =>
      this.#tick(),
    );
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    const timeMs = nowMs - (nowMs % this.#intervalMs);
    // A timer may fire a moment early, which would repeat the time of the tick before.
    const isRepeated = timeMs <= this.#lastTimeMs && nowMs > this.#lastTimeMs - this.#intervalMs;
    if (!isRepeated) {
      this.#lastTimeMs = timeMs;
      this.#sample(timeMs, nowMs);
    }
    this.#schedule();
  }

  #sample(timeMs: number, nowMs: number): void {
    const atMs = this.#clock.monotonicMs();
    for (const { runner, success, duration } of this.#runs) {
      runner.run(atMs, nowMs, this.#buffer);
      this.#own.set(success, runner.succeeded ? 1 : 0);
      // Whole microseconds: finer digits are noise, and noise costs space.
      this.#own.set(duration, Math.round(runner.durationMs * 1000) / 1e6);
    }
    this.#own.emit(this.#buffer);
    this.#sink.publish(this.#buffer.take(timeMs));
  }
}

function clampInterval(intervalMs: number): number {
  return Math.min(INTERVAL_MAX_MS, Math.max(INTERVAL_MIN_MS, Math.round(intervalMs)));
}
