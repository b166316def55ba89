/**
 * Runs one collector at its own pace and takes the consequences of its failures: its series end, the
 * failure is logged once, and it is tried again less often until it works.
 */
import { codeOf } from '@nowcast/model';
import type { AgentLog } from './agent-log.ts';
import type { Collector, CollectorModule } from './collector.ts';
import type { Host } from './host.ts';
import type { BatchWriter, SeriesGroup } from './series-group.ts';

const RETRY_FAILED_MS = 10_000;
const RETRY_NO_DATA_MS = 60_000;
/** A dear collector is put off to at most so many times its own pace. */
const SLOWER_MAX = 5;
/** Ticks are not exact: one that comes this much early is still the one a paced collector waits for. */
const PACE_SLACK_MS = 50;

export interface RunnerSurroundings {
  readonly host: Host;
  readonly series: SeriesGroup;
  readonly log: AgentLog;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}

export class CollectorRunner {
  readonly name: string;
  readonly #module: CollectorModule;
  readonly #around: RunnerSurroundings;
  #collector: Collector | undefined;
  #nextAtMs = -Infinity;
  #succeeded = false;
  #durationMs = 0;
  #problem = '';
  #passes = 0;

  constructor(module: CollectorModule, surroundings: RunnerSurroundings) {
    this.name = module.name;
    this.#module = module;
    this.#around = surroundings;
  }

  get succeeded(): boolean {
    return this.#succeeded;
  }

  /** Of the last pass. */
  get durationMs(): number {
    return this.#durationMs;
  }

  /** Collects when due and writes the outcome. `atMs` is monotonic, `nowMs` is the wall clock. */
  run(atMs: number, nowMs: number, writer: BatchWriter): void {
    if (atMs < this.#nextAtMs) return;
    const { host, series, monotonicMs } = this.#around;
    const startMs = monotonicMs();
    let failure: Error | undefined;
    try {
      this.#collector ??= this.#module.create(host, series);
      this.#collector.collect(nowMs);
    } catch (error) {
      failure =
        error instanceof Error ? error : new Error('thrown without an error', { cause: error });
      series.discardPass();
    }
    series.emit(writer);
    this.#durationMs = monotonicMs() - startMs;
    this.#succeeded = failure === undefined;
    this.#report(failure);
    this.#nextAtMs = atMs + this.#pauseMs(failure) - PACE_SLACK_MS;
  }

  #pauseMs(failure: Error | undefined): number {
    if (codeOf(failure) === 'no-data') return RETRY_NO_DATA_MS;
    if (failure !== undefined) return RETRY_FAILED_MS;
    const { everyMs = 0, shareMax } = this.#module;
    // The first pass opens files and runs cold code: it says nothing about the next ones.
    if (shareMax === undefined || this.#passes++ === 0) return everyMs;
    return Math.min(everyMs * SLOWER_MAX, Math.max(everyMs, this.#durationMs / shareMax));
  }

  #report(failure: Error | undefined): void {
    const problem = failure === undefined || codeOf(failure) === 'no-data' ? '' : failure.message;
    if (problem === this.#problem) return;
    if (problem === '') this.#around.log.info(`collector ${this.name} works again`);
    // One line for one trouble: the text may carry a changing detail, the state does not.
    else if (this.#problem === '')
      this.#around.log.warn(`collector ${this.name} fails, its series have ended: ${problem}`);
    this.#problem = problem;
  }
}
