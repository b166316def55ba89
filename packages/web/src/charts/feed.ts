import { signal, type ReadonlySignal } from '@preact/signals';
import { LIVE_MINUTES_MAX } from '../state/preferences.ts';
import type { Stream } from '../state/stream.ts';
import type { Drawable } from './frame-loop.ts';

/** The part of time a chart shows. */
export interface ViewRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** What a point stands for where points are averages; undefined for samples as they came. */
  readonly stepMs?: number | undefined;
}

export interface FeedTiming<T> {
  readonly windowMs: () => number;
  /** The range shown, where it is longer than what the stream keeps. */
  readonly past?: (() => PastFeed<T> | undefined) | undefined;
  readonly nowMs: () => number;
  /** From this age on the newest sample is not the present any more. */
  readonly staleAfterMs: number;
}

/** A derivation over a long range. */
export interface PastFeed<T> {
  readonly stepMs: number;
  /** Rises with every change. */
  readonly version: number;
  /** Takes over what is new of the live stream. */
  follow(): void;
  /** True when the store could not be asked. */
  readonly failed: boolean;
  /** Undefined while nothing is known. */
  compute(fromMs: number): T | undefined;
}

const LIVE_MS_MAX = LIVE_MINUTES_MAX * 60_000;

/**
 * Takes what a tile shows out of a stream, at most once per frame and only when something changed. While
 * data flow, the view ends at the newest sample; once they stop it goes on with the clock, so that the
 * silence is seen to grow.
 */
export class Feed<T> implements Drawable {
  readonly stream: Stream;
  readonly #compute: (stream: Stream, fromMs: number) => T;
  readonly #timing: FeedTiming<T>;
  readonly #value = signal<T | undefined>(undefined);
  readonly #failed = signal(false);
  readonly #picture = signal<T | undefined>(undefined);
  readonly #listeners = new Set<(value: T, range: ViewRange) => void>();
  #drawnVersion = -1;
  #drawnPastVersion = -1;
  #drawnFromMs = NaN;
  #range: ViewRange = { fromMs: 0, toMs: 0 };

  constructor(
    stream: Stream,
    compute: (stream: Stream, fromMs: number) => T,
    timing: FeedTiming<T>,
  ) {
    this.stream = stream;
    this.#compute = compute;
    this.#timing = timing;
  }

  /** What was last taken out; undefined before the first time. */
  get value(): ReadonlySignal<T | undefined> {
    return this.#value;
  }

  /** What the chart shows: `value`, or the longer range that is chosen. Undefined while that is being loaded. */
  get picture(): ReadonlySignal<T | undefined> {
    return this.#picture;
  }

  /** True when the longer range that is chosen cannot be had. */
  get failed(): ReadonlySignal<boolean> {
    return this.#failed;
  }

  get range(): ViewRange {
    return this.#range;
  }

  /** Called in the frame's draw, and at once when there is something to draw. */
  listen(listener: (value: T, range: ViewRange) => void): () => void {
    this.#listeners.add(listener);
    const value = this.#picture.peek();
    if (value !== undefined) listener(value, this.#range);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells listeners again what there is, without new data: a place to draw on has appeared. */
  refresh(): void {
    const value = this.#picture.peek();
    if (value !== undefined) for (const listener of this.#listeners) listener(value, this.#range);
  }

  draw(): void {
    const past = this.#timing.past?.();
    past?.follow();
    this.#failed.value = past?.failed ?? false;
    const range = this.#currentRange(past?.stepMs);
    const pastVersion = past?.version ?? -1;
    const version = this.stream.version;
    const same = this.#drawnVersion === version && this.#drawnPastVersion === pastVersion;
    if (same && this.#drawnFromMs === range.fromMs) return;
    this.#drawnVersion = version;
    this.#drawnPastVersion = pastVersion;
    this.#drawnFromMs = range.fromMs;
    this.#range = range;
    const liveFromMs = Math.max(range.fromMs, range.toMs - LIVE_MS_MAX);
    const value = this.#compute(this.stream, liveFromMs);
    this.#value.value = value;
    const picture = past === undefined ? value : past.compute(range.fromMs);
    this.#picture.value = picture;
    if (picture !== undefined) for (const listener of this.#listeners) listener(picture, range);
  }

  #currentRange(stepMs: number | undefined): ViewRange {
    const { newestMs } = this.stream;
    const nowMs = this.#timing.nowMs();
    const current = Number.isFinite(newestMs) && nowMs - newestMs <= this.#timing.staleAfterMs;
    // Whole seconds, so that a quiet stream is redrawn once a second and not with every frame.
    const toMs = current ? newestMs : Math.floor(nowMs / 1000) * 1000;
    return { fromMs: toMs - this.#timing.windowMs(), toMs, stepMs };
  }
}
