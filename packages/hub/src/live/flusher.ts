/**
 * Decides when channels send. A quiet channel's change leaves at once; after that changes are collected for a
 * window, longer where the contract says so, and longer when flushing itself takes long: at least half of the
 * time stays free for everything else. All channels that are due are flushed together, so that a session gets
 * one frame for all of them.
 */
import type { Clock, Timer } from '@nowcast/std';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import { FrameCache } from './frame-cache.ts';
import type { Flushable } from './live-source.ts';

/** Something with messages waiting that go out as one frame. */
export interface Committable {
  commit(frames: FrameCache): void;
}

export class Flusher {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #metrics: HubMetrics;
  readonly #dirty = new Set<Flushable>();
  readonly #waiting = new Set<Committable>();
  #timer: Timer | undefined;
  #timerDueMs = Infinity;
  #flushing = false;
  /** No flush before this time. */
  #restUntilMs = -Infinity;

  constructor(clock: Clock, windowMs: number, metrics: HubMetrics) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#metrics = metrics;
  }

  /** @param sinceMs when what is to be sent arrived, on the monotonic clock. */
  dirty(channel: Flushable, sinceMs: number = this.#clock.monotonicMs()): void {
    channel.dirtySinceMs = sinceMs;
    this.#dirty.add(channel);
    this.#wakeAt(this.#dueMs(channel));
  }

  /** `session` has been handed something: it goes out with the flush that is going on, or with one at once. */
  touched(session: Committable): void {
    this.#waiting.add(session);
    if (!this.#flushing) this.#wakeAt(this.#clock.monotonicMs());
  }

  close(): void {
    this.#timer?.cancel();
    this.#dirty.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    this.#timerDueMs = Infinity;
    this.#flushing = true;
    const nowMs = this.#clock.monotonicMs();
    const flushed: [channel: Flushable, watchers: number][] = [];
    this.#flushing = true;
    for (const channel of this.#dirty) {
      // What is due within half a window goes along: one frame instead of two.
      if (this.#dueMs(channel) > nowMs + this.#windowMs / 2) continue;
      this.#dirty.delete(channel);
      channel.flushedMs = nowMs;
      flushed.push([channel, channel.flush()]);
    }
    const frames = new FrameCache();
    for (const session of this.#waiting) session.commit(frames);
    this.#waiting.clear();
    this.#flushing = false;
    const writtenMs = this.#clock.monotonicMs();
    this.#restUntilMs = writtenMs + (writtenMs - nowMs);
    for (const [channel, watchers] of flushed)
      this.#metrics.liveLatency.observe((writtenMs - channel.dirtySinceMs) / 1_000, watchers);
    for (const channel of this.#dirty) this.#wakeAt(this.#dueMs(channel));
  }

  #dueMs(channel: Flushable): number {
    return Math.max(
      channel.dirtySinceMs,
      this.#restUntilMs,
      channel.flushedMs + Math.max(this.#windowMs, channel.contract.minIntervalMs),
    );
  }

  #wakeAt(dueMs: number): void {
    if (dueMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = dueMs;
    const delayMs = Math.max(0, dueMs - this.#clock.monotonicMs());
    this.#timer = this.#clock.after(delayMs, () => this.#flush());
  }
}
