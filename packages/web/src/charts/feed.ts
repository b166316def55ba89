import { signal, type ReadonlySignal } from '@preact/signals';
import type { Stream } from '../state/stream.ts';
import type { Drawable } from './frame-loop.ts';

/** The part of time a chart shows. */
export interface ViewRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FeedTiming {
  readonly windowMs: () => number;
  readonly nowMs: () => number;
  /** From this age on the newest sample is not the present any more. */
  readonly staleAfterMs: number;
}

/**
 * Takes what a tile shows out of a stream, at most once per frame and only when something changed. While
 * data flow, the view ends at the newest sample; once they stop it goes on with the clock, so that the
 * silence is seen to grow.
 */
export class Feed<T> implements Drawable {
  readonly stream: Stream;
  readonly #compute: (stream: Stream, fromMs: number) => T;
  readonly #timing: FeedTiming;
  readonly #value = signal<T | undefined>(undefined);
  readonly #listeners = new Set<(value: T, range: ViewRange) => void>();
  #drawnVersion = -1;
  #drawnFromMs = NaN;
  #range: ViewRange = { fromMs: 0, toMs: 0 };

  constructor(stream: Stream, compute: (stream: Stream, fromMs: number) => T, timing: FeedTiming) {
    this.stream = stream;
    this.#compute = compute;
    this.#timing = timing;
  }

  /** What was last taken out; undefined before the first time. */
  get value(): ReadonlySignal<T | undefined> {
    return this.#value;
  }

  /** Called in the frame's draw, and at once when there is something to draw. */
  listen(listener: (value: T, range: ViewRange) => void): () => void {
    this.#listeners.add(listener);
    const value = this.#value.peek();
    if (value !== undefined) listener(value, this.#range);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells listeners again what there is, without new data: a place to draw on has appeared. */
  refresh(): void {
    const value = this.#value.peek();
    if (value !== undefined) for (const listener of this.#listeners) listener(value, this.#range);
  }

  draw(): void {
    const range = this.#currentRange();
    if (this.#drawnVersion === this.stream.version && this.#drawnFromMs === range.fromMs) return;
    this.#drawnVersion = this.stream.version;
    this.#drawnFromMs = range.fromMs;
    this.#range = range;
    const value = this.#compute(this.stream, range.fromMs);
    this.#value.value = value;
    for (const listener of this.#listeners) listener(value, range);
  }

  #currentRange(): ViewRange {
    const { newestMs } = this.stream;
    const nowMs = this.#timing.nowMs();
    const current = Number.isFinite(newestMs) && nowMs - newestMs <= this.#timing.staleAfterMs;
    // Whole seconds, so that a quiet stream is redrawn once a second and not with every frame.
    const toMs = current ? newestMs : Math.floor(nowMs / 1000) * 1000;
    return { fromMs: toMs - this.#timing.windowMs(), toMs };
  }
}
