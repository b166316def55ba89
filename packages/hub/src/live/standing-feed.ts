/**
 * A standing query somebody watches: its engine, the channels of its contracts, and how often it may be evaluated. It
 * starts with its first user and is gone with the last.
 */
import type { Matcher } from '@nowcast/model';
import {
  type ResultRing,
  type SampleWindow,
  type StandingExpression,
  type StandingOptions,
  StandingQuery,
} from '@nowcast/promql';
import { type Deferred, deferred } from '@nowcast/std';
import type { ChannelContract, LiveSource } from './live-source.ts';
import { StandingChannel } from './standing-channel.ts';
import type { WindowReader } from './window-table.ts';

export interface StandingFeedEvents {
  /** It has its first user: start it. */
  used(feed: StandingFeed): void;
  /** Nobody refers to it any more. */
  unused(feed: StandingFeed): void;
  /** A sample arrived, for the first time since the last evaluation. */
  dirty(feed: StandingFeed): void;
  nowMs(): number;
}

/** How much the cost of an evaluation goes by the newest one. */
const COST_WEIGHT = 0.1;
/** An evaluation counts as no more than this many times the usual. */
const OUTLIER = 3;

export class StandingFeed implements LiveSource, WindowReader {
  readonly query: string;
  readonly stepMs: number;
  readonly expression: StandingExpression;
  readonly #engine: StandingQuery;
  readonly #events: StandingFeedEvents;
  readonly #channels = new Map<string, StandingChannel>();
  readonly #started: Deferred<void> = deferred();
  #isReady = false;
  #users = 0;
  #wasDirty = false;
  /** Smoothed time an evaluation takes. */
  #costMs = 0;
  #toldFailure: string | undefined;
  /** For the scheduler, on the monotonic clock: end of the last evaluation, arrival of the oldest sample since. */
  evaluatedMs: number = -Infinity;
  dirtySinceMs: number = 0;
  evaluationIntervalMs: number;

  constructor(
    expression: StandingExpression,
    options: StandingOptions & { readonly evaluationIntervalMs: number },
    events: StandingFeedEvents,
  ) {
    this.expression = expression;
    this.query = expression.text;
    this.stepMs = options.stepMs;
    this.evaluationIntervalMs = options.evaluationIntervalMs;
    this.#engine = new StandingQuery(expression, options);
    this.#events = events;
    // Whoever waits is told; that nobody waits is no fault.
    this.#started.promise.catch(() => undefined);
  }

  get ready(): Promise<void> | undefined {
    return this.#isReady ? undefined : this.#started.promise;
  }

  get results(): ResultRing {
    return this.#engine.results;
  }

  get selectors(): readonly (readonly Matcher[])[] {
    return this.#engine.selectors;
  }

  get costMs(): number {
    return this.#costMs;
  }

  get isDirty(): boolean {
    return this.#wasDirty;
  }

  /** When time alone makes an evaluation necessary. */
  get closesMs(): number {
    return this.#engine.closesMs;
  }

  get evaluations(): number {
    return this.#engine.evaluations;
  }

  retain(): void {
    if (this.#users++ === 0) this.#events.used(this);
  }

  release(): void {
    if (--this.#users === 0) this.#events.unused(this);
  }

  channel(contract: ChannelContract): StandingChannel {
    const key = `${contract.minIntervalMs} ${contract.digits ?? ''} ${contract.deadband ?? ''}`;
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      const abandoned = (): void => void this.#channels.delete(key);
      channel = new StandingChannel(this, contract, { abandoned });
      this.#channels.set(key, channel);
    }
    return channel;
  }

  get channels(): Iterable<StandingChannel> {
    return this.#channels.values();
  }

  /** The windows hold what the store has: the first evaluation. */
  start(nowMs: number): void {
    this.#engine.start(nowMs);
    this.#isReady = true;
    this.#started.resolve();
    this.#tellFailure();
  }

  /** It cannot be started. */
  fail(error: Error): void {
    this.#started.reject(error);
  }

  /** Returns whether there is anything to tell; `tookMs` tells what it cost. */
  evaluate(nowMs: number): boolean {
    this.#wasDirty = false;
    const isChanged = this.#engine.evaluate(nowMs);
    this.#tellFailure();
    return isChanged;
  }

  tookMs(ms: number): void {
    if (this.#costMs === 0) this.#costMs = ms;
    // One that was interrupted took long without being costly.
    else this.#costMs += (Math.min(ms, this.#costMs * OUTLIER) - this.#costMs) * COST_WEIGHT;
  }

  /** Grants another interval between evaluations, and tells everyone. */
  regrant(evaluationIntervalMs: number): void {
    if (this.evaluationIntervalMs === evaluationIntervalMs) return;
    this.evaluationIntervalMs = evaluationIntervalMs;
    for (const channel of this.#channels.values())
      for (const watcher of channel.watchers) watcher.regranted();
  }

  horizonMs(): number {
    return this.#engine.horizonMs(this.#events.nowMs());
  }

  join(place: number, window: SampleWindow): void {
    this.#engine.join(place, window);
  }

  arrived(timeMs: number): void {
    this.#engine.arrived(timeMs);
    if (this.#wasDirty || !this.#isReady) return;
    this.#wasDirty = true;
    this.#events.dirty(this);
  }

  prune(): void {
    this.#engine.prune();
  }

  #tellFailure(): void {
    const { failure } = this.#engine;
    if (failure?.message === this.#toldFailure) return;
    this.#toldFailure = failure?.message;
    if (failure === undefined) return;
    for (const channel of this.#channels.values())
      for (const watcher of channel.watchers) watcher.failed(failure);
  }
}
