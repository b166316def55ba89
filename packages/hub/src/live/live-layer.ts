/** The live layer's front door: what has been heard, who watches what, and when they are told. */
import { CodedError, codeOf, type Matcher, type Queryable } from '@nowcast/model';
import { formatSelector, parseExpression, parseSelector } from '@nowcast/promql';
import type { Clock, Timer } from '@nowcast/std';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { LiveTiming } from '../options.ts';
import { Flusher } from './flusher.ts';
import { historyUpdates } from './history.ts';
import { Selection } from './selection.ts';
import { SeriesRegistry } from './series-registry.ts';
import type { Subscription, UpdateSink } from './subscription.ts';

const SWEEPS_PER_LOOKBACK = 60;

export interface LiveLayerOptions {
  readonly clock: Clock;
  readonly timing: LiveTiming;
  readonly metrics: HubMetrics;
  readonly queryable: Queryable;
  readonly historySamplesMax: number;
}

/** A session that can be paused between parts of a long answer. */
export interface HistorySink extends UpdateSink {
  /** Sends what has been handed over and resolves when there is room for more; false when it is gone. */
  roomForMore(): Promise<boolean>;
}

export class LiveLayer {
  readonly registry: SeriesRegistry;
  readonly flusher: Flusher;
  readonly #options: LiveLayerOptions;
  readonly #selections = new Map<string, Selection>();
  readonly #sweep: Timer;

  constructor(options: LiveLayerOptions) {
    const { clock, timing, metrics } = options;
    this.#options = options;
    this.registry = new SeriesRegistry(clock, timing.lookbackMs);
    this.flusher = new Flusher(clock, timing.flushMs, metrics);
    const sweepMs = Math.max(1_000, timing.lookbackMs / SWEEPS_PER_LOOKBACK);
    this.#sweep = clock.every(sweepMs, () => this.registry.sweep());
  }

  get selectionCount(): number {
    return this.#selections.size;
  }

  /**
   * The selection of a query, shared by all who ask for the same in whatever spelling; known while retained.
   * @throws {CodedError} `bad-query`, `bad-regex`, `unsupported-query`.
   */
  selection(text: string): Selection {
    const matchers = readSelector(text);
    const query = formatSelector(matchers);
    const known = this.#selections.get(query);
    if (known !== undefined) return known;
    return new Selection(query, matchers, this.registry, {
      dirty: (channel) => this.flusher.dirty(channel),
      used: (selection) => this.#selections.set(query, selection),
      unused: () => this.#selections.delete(query),
    });
  }

  /** Sends the past of a new subscription and lets it go on live. Failing, it goes on live without a past. */
  async loadHistory(
    subscription: Subscription,
    historyMs: number,
    sink: HistorySink,
  ): Promise<void> {
    const start = subscription.beginHistory();
    const { selection } = subscription;
    const endMs = this.#options.clock.nowMs() + this.#options.timing.futureMs;
    const startMs = this.#options.clock.nowMs() - historyMs;
    try {
      const { series } = await this.#options.queryable.select({
        matchers: selection.matchers,
        startMs,
        endMs,
        samplesMax: this.#options.historySamplesMax,
      });
      for (const body of historyUpdates({ ...start, selection, series })) {
        subscription.sendHistory(body);
        if (subscription.closed || !(await sink.roomForMore())) return;
      }
      subscription.endHistory();
    } catch (error) {
      subscription.abandonHistory();
      throw error;
    }
  }

  close(): void {
    this.#sweep.cancel();
    this.flusher.close();
  }
}

function readSelector(text: string): readonly Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (codeOf(error) !== 'bad-query' || !isExpression(text)) throw error;
    throw new CodedError(
      'unsupported-query',
      `${text.slice(0, 200)} is an expression; this hub streams label selectors such as metric{label="value"}`,
      { cause: error },
    );
  }
}

function isExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}
