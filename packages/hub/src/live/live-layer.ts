/** The live layer's front door: what has been heard, who watches what, and when they are told. */
import { CodedError, type Matcher, type Queryable } from '@nowcast/model';
import { formatSelector, readStandingExpression } from '@nowcast/promql';
import type { Clock, Timer } from '@nowcast/std';
import { DEFAULT_LIMITS } from '../access/limits.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { LiveTiming } from '../options.ts';
import { Flusher } from './flusher.ts';
import type { LiveSource } from './live-source.ts';
import { Selection } from './selection.ts';
import { SeriesRegistry } from './series-registry.ts';
import { type StandingLimits, StandingRegistry, STEP_DEFAULT_MS } from './standing-registry.ts';
import type { Subscription, UpdateSink } from './subscription.ts';

const SWEEPS_PER_LOOKBACK = 60;

export interface LiveLayerOptions {
  readonly clock: Clock;
  readonly timing: LiveTiming;
  readonly metrics: HubMetrics;
  readonly queryable: Queryable;
  readonly historySamplesMax: number;
  readonly standingLimits?: StandingLimits | undefined;
}

/** A session that can be paused between parts of a long answer. */
export interface HistorySink extends UpdateSink {
  /** Sends what has been handed over and resolves when there is room for more; false when it is gone. */
  roomForMore(): Promise<boolean>;
}

export class LiveLayer {
  readonly registry: SeriesRegistry;
  readonly flusher: Flusher;
  readonly standing: StandingRegistry;
  readonly #options: LiveLayerOptions;
  readonly #selections = new Map<string, Selection>();
  readonly #sweep: Timer;

  constructor(options: LiveLayerOptions) {
    const { clock, timing, metrics } = options;
    this.#options = options;
    this.registry = new SeriesRegistry(clock, timing.lookbackMs);
    this.flusher = new Flusher(clock, timing.flushMs, metrics);
    const { registry, flusher } = this;
    const limits = options.standingLimits ?? DEFAULT_LIMITS;
    this.standing = new StandingRegistry({ ...options, limits, registry, flusher });
    const sweepMs = Math.max(1_000, timing.lookbackMs / SWEEPS_PER_LOOKBACK);
    this.#sweep = clock.every(sweepMs, () => this.registry.sweep());
  }

  /** Different selectors whose samples are followed. */
  get selectionCount(): number {
    return this.#selections.size;
  }

  /**
   * What a query is fed by, shared by all who ask for the same in whatever spelling; known while retained. A bare selector
   * without a step gives the samples as they come, anything else is evaluated at steps.
   * @throws {CodedError} `bad-query`, `bad-regex`, `unsupported-query`, `bad-step`, `too-many-standing-queries`.
   */
  source(text: string, stepMs?: number): LiveSource {
    const expression = readStandingExpression(text);
    if (expression.selector !== undefined && stepMs === undefined)
      return this.#selectionOf(expression.selector);
    return this.standing.feed(expression, stepMs ?? STEP_DEFAULT_MS);
  }

  /**
   * The selection of a bare selector.
   * @throws {CodedError} `bad-query`, `bad-regex`; `unsupported-query` for an expression.
   */
  selection(text: string): Selection {
    const { selector } = readStandingExpression(text);
    if (selector !== undefined) return this.#selectionOf(selector);
    throw new CodedError(
      'unsupported-query',
      `${text.slice(0, 200)} is an expression; here a label selector is needed, such as metric{label="value"}`,
    );
  }

  /** Sends the past of a new subscription and lets it go on live. Failing, it goes on live without a past. */
  async loadHistory(
    subscription: Subscription,
    historyMs: number,
    sink: HistorySink,
  ): Promise<void> {
    const { clock, timing, queryable, historySamplesMax: samplesMax } = this.#options;
    const { futureMs, lookbackMs } = timing;
    const { source } = subscription;
    subscription.awaitHistory();
    try {
      if (source.ready !== undefined) await source.ready;
      if (subscription.closed) return;
      const reader = { clock, queryable, futureMs, lookbackMs, samplesMax };
      for (const body of await subscription.beginHistory(reader, historyMs)) {
        subscription.sendHistory(body);
        if (subscription.closed || !(await sink.roomForMore())) return;
      }
      subscription.endHistory();
    } catch (error) {
      subscription.abandonHistory();
      throw error;
    }
  }

  #selectionOf(matchers: readonly Matcher[]): Selection {
    const query = formatSelector(matchers);
    const known = this.#selections.get(query);
    if (known !== undefined) return known;
    return new Selection(query, matchers, this.registry, {
      dirty: (channel) => this.flusher.dirty(channel),
      used: (selection) => this.#selections.set(query, selection),
      unused: () => this.#selections.delete(query),
    });
  }

  close(): void {
    this.#sweep.cancel();
    this.standing.close();
    this.flusher.close();
  }
}
