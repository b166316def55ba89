/**
 * All standing queries of the hub: each (expression, step) once, however many watch it. It starts them from the store,
 * brings arriving samples to those that select them, and decides when they are evaluated: at once after a quiet time,
 * then no more often than their interval, which grows with what they cost. Where all evaluations
 * together take more of the time than they may, every interval is stretched, costly queries first, and who watches is told.
 */
import { CodedError, type Queryable, type SeriesRef } from '@nowcast/model';
import type { StandingExpression } from '@nowcast/promql';
import type { Clock, Timer } from '@nowcast/std';
import type { HubLimits } from '../access/limits.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { LiveTiming } from '../options.ts';
import type { Flusher } from './flusher.ts';
import { StandingFeed } from './standing-feed.ts';
import type { SeriesRegistry } from './series-registry.ts';
import { WindowTable } from './window-table.ts';

export type StandingLimits = Pick<
  HubLimits,
  'standingQueriesMax' | 'standingSamplesMax' | 'standingSharePercentMax'
>;

export interface StandingRegistryOptions {
  readonly clock: Clock;
  readonly timing: LiveTiming;
  readonly limits: StandingLimits;
  readonly metrics: HubMetrics;
  readonly queryable: Queryable;
  readonly registry: SeriesRegistry;
  readonly flusher: Flusher;
}

export const STEP_MIN_MS = 100;
export const STEP_MAX_MS = 86_400_000;
export const STEP_DEFAULT_MS = 1_000;
/** The ring reaches this far back, but over no more steps than its bound. */
const RING_MS = 30_000;
const RING_STEPS_MIN = 4;
const RING_STEPS_MAX = 128;
const SWEEP_MS = 5_000;
const BUDGET_MS = 1_000;
/** Below this part of the bound intervals shrink again. */
const SHARE_LOW = 0.3;
const STRETCH_MAX = 256;
/** However costly, it is evaluated this often. */
const INTERVAL_MAX_MS = 5_000;

export class StandingRegistry {
  readonly #options: StandingRegistryOptions;
  readonly #feeds = new Map<string, StandingFeed>();
  readonly #running = new Set<StandingFeed>();
  readonly #windows: WindowTable;
  readonly #sweep: Timer;
  readonly #budget: Timer;
  #timer: Timer | undefined;
  #timerDueMs = Infinity;
  #spentMs = 0;
  /** A query rests this many times as long as its evaluation takes. */
  #stretch = 1;

  constructor(options: StandingRegistryOptions) {
    const { clock, registry } = options;
    this.#options = options;
    this.#windows = new WindowTable((ref) => registry.labels(ref));
    this.#sweep = clock.every(SWEEP_MS, () => this.#windows.sweep());
    this.#budget = clock.every(BUDGET_MS, () => this.#balance());
  }

  get size(): number {
    return this.#feeds.size;
  }

  get windowSamples(): number {
    return this.#windows.samples;
  }

  get windowSeries(): number {
    return this.#windows.size;
  }

  get stretch(): number {
    return this.#stretch;
  }

  /**
   * The standing query of an expression and step, shared by all who ask for the same in whatever spelling.
   * @throws {CodedError} `bad-query`, `bad-regex`, `unsupported-query`, `bad-step`, `too-many-standing-queries`.
   */
  feed(expression: StandingExpression, stepMs: number): StandingFeed {
    if (!Number.isInteger(stepMs) || stepMs < STEP_MIN_MS || stepMs > STEP_MAX_MS)
      throw new CodedError(
        'bad-step',
        `a step of ${stepMs} ms: give whole milliseconds from ${STEP_MIN_MS} to ${STEP_MAX_MS}`,
      );
    const key = `${stepMs} ${expression.text}`;
    const known = this.#feeds.get(key);
    if (known !== undefined) return known;
    const { limits, metrics, timing, clock } = this.#options;
    if (this.#feeds.size >= limits.standingQueriesMax) {
      metrics.limit('standingQueriesMax');
      throw new CodedError(
        'too-many-standing-queries',
        `this hub evaluates ${limits.standingQueriesMax} expressions already, as many as it may`,
      );
    }
    const { lookbackMs, graceMs, flushMs } = timing;
    const steps = Math.ceil(RING_MS / stepMs) + 2;
    const stepsMax = Math.min(RING_STEPS_MAX, Math.max(RING_STEPS_MIN, steps));
    return new StandingFeed(
      expression,
      { stepMs, lookbackMs, graceMs, stepsMax, evaluationIntervalMs: flushMs },
      {
        used: (feed) => void this.#start(feed, key),
        unused: (feed) => this.#stop(feed, key),
        dirty: (feed) => this.#dirty(feed),
        nowMs: () => clock.nowMs(),
      },
    );
  }

  samples(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void {
    this.#windows.take(timeMs, refs, values);
  }

  close(): void {
    this.#sweep.cancel();
    this.#budget.cancel();
    this.#timer?.cancel();
  }

  async #start(feed: StandingFeed, key: string): Promise<void> {
    this.#feeds.set(key, feed);
    this.#windows.attach(feed);
    try {
      for (const at of feed.selectors.keys()) await this.#fill(feed, at);
    } catch (error) {
      if (this.#feeds.get(key) !== feed) return;
      this.#stop(feed, key);
      feed.fail(error as Error);
      return;
    }
    if (this.#feeds.get(key) !== feed) return;
    this.#running.add(feed);
    this.#timed(feed, () => feed.start(this.#options.clock.nowMs()));
    for (const channel of feed.channels) this.#options.flusher.dirty(channel);
    this.#wake();
  }

  async #fill(feed: StandingFeed, at: number): Promise<void> {
    const { queryable, clock, timing, limits, metrics } = this.#options;
    const samplesMax = Math.max(0, limits.standingSamplesMax - this.#windows.samples);
    try {
      const { series } = await queryable.select({
        matchers: feed.selectors[at] ?? [],
        startMs: feed.horizonMs(),
        endMs: clock.nowMs() + timing.futureMs,
        samplesMax,
      });
      this.#windows.fill(feed, at, series);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'too-many-samples') throw error;
      metrics.limit('standingSamplesMax');
      throw new CodedError(
        'too-many-samples',
        `${feed.query} reads more samples than standing queries have room for (${limits.standingSamplesMax} in all); narrow the selector or shorten the range`,
      );
    }
  }

  #stop(feed: StandingFeed, key: string): void {
    if (this.#feeds.get(key) !== feed) return;
    this.#feeds.delete(key);
    this.#running.delete(feed);
    this.#windows.detach(feed);
  }

  #dirty(feed: StandingFeed): void {
    feed.dirtySinceMs = this.#options.clock.monotonicMs();
    this.#wakeAt(this.#dueMs(feed));
  }

  /** On the monotonic clock. */
  #dueMs(feed: StandingFeed): number {
    const { clock } = this.#options;
    const restedMs = feed.evaluatedMs + feed.evaluationIntervalMs;
    const closesMs = clock.monotonicMs() + feed.closesMs - clock.nowMs();
    return Math.max(restedMs, feed.isDirty ? Math.min(feed.dirtySinceMs, closesMs) : closesMs);
  }

  #evaluateDue(): void {
    this.#timer = undefined;
    this.#timerDueMs = Infinity;
    const { clock, flusher } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const feed of this.#running) {
      if (this.#dueMs(feed) > nowMs) continue;
      const sinceMs = feed.isDirty ? feed.dirtySinceMs : nowMs;
      let isChanged = false;
      this.#timed(feed, () => {
        isChanged = feed.evaluate(clock.nowMs());
      });
      if (isChanged) for (const channel of feed.channels) flusher.dirty(channel, sinceMs);
    }
    this.#wake();
  }

  #timed(feed: StandingFeed, work: () => void): void {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const before = feed.evaluations;
    work();
    const endMs = clock.monotonicMs();
    feed.evaluatedMs = endMs;
    const count = feed.evaluations - before;
    if (count === 0) return;
    feed.tookMs(endMs - startMs);
    this.#spentMs += endMs - startMs;
    metrics.standingEvaluations.add(count);
    metrics.standingSeconds.add((endMs - startMs) / 1_000);
  }

  /** Keeps the share of time that evaluations take below its bound. */
  #balance(): void {
    const { limits, metrics } = this.#options;
    const share = (this.#spentMs * 100) / BUDGET_MS / limits.standingSharePercentMax;
    this.#spentMs = 0;
    if (share > 1 && this.#stretch < STRETCH_MAX) {
      this.#stretch *= 2;
      metrics.limit('standingSharePercentMax');
    } else if (share < SHARE_LOW && this.#stretch > 1) this.#stretch /= 2;
    for (const feed of this.#running) feed.regrant(this.#intervalMs(feed));
  }

  /** In powers of two of the flush window, so that small changes of the cost do not change it. */
  #intervalMs(feed: StandingFeed): number {
    const { flushMs } = this.#options.timing;
    let intervalMs = flushMs;
    while (intervalMs < feed.costMs * this.#stretch) intervalMs *= 2;
    return Math.min(intervalMs, INTERVAL_MAX_MS);
  }

  #wake(): void {
    for (const feed of this.#running) this.#wakeAt(this.#dueMs(feed));
  }

  #wakeAt(dueMs: number): void {
    if (dueMs >= this.#timerDueMs) return;
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#timerDueMs = dueMs;
    const delayMs = Math.max(0, Math.ceil(dueMs - clock.monotonicMs()));
    this.#timer = clock.after(delayMs, () => this.#evaluateDue());
  }
}
