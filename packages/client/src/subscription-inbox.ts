/**
 * What waits for a reader that pulls. Bounded: when more updates wait than `updatesMax`, the oldest are
 * taken in without their samples, so that what joined and left is still told and values stay right; how
 * many went that way is told as `skipped`.
 */
import type { SubscriptionEvent } from './subscription-event.ts';

/** Produces the events of one message when it is this message's turn. */
export type EventSource = () => Iterable<SubscriptionEvent>;

export class SubscriptionInbox implements AsyncIterableIterator<SubscriptionEvent> {
  readonly #updatesMax: number;
  readonly #closed: () => void;
  readonly #sources: EventSource[] = [];
  readonly #ready: SubscriptionEvent[] = [];
  #current: Iterator<SubscriptionEvent> | undefined;
  #skipped = 0;
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(updatesMax: number, closed: () => void) {
    this.#updatesMax = updatesMax;
    this.#closed = closed;
  }

  push(source: EventSource): void {
    this.#sources.push(source);
    while (this.#sources.length > this.#updatesMax) this.#skipOldest();
    this.#notify();
  }

  /** No more events follow; a `failure` is thrown to the reader once it has read the rest. */
  end(failure?: unknown): void {
    this.#ended = true;
    this.#failure = failure;
    this.#notify();
  }

  async next(): Promise<IteratorResult<SubscriptionEvent, undefined>> {
    for (;;) {
      const event = this.#take();
      if (event) return { done: false, value: event };
      if (this.#ended) return this.#finish();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<SubscriptionEvent, undefined>> {
    this.#ended = true;
    this.#sources.length = 0;
    this.#ready.length = 0;
    this.#current = undefined;
    this.#closed();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): SubscriptionEvent | undefined {
    for (;;) {
      const result = this.#current?.next();
      if (result?.done === false) return result.value;
      this.#current = undefined;
      if (this.#skipped > 0) this.#ready.push({ type: 'skipped', updates: this.#skipped });
      this.#skipped = 0;
      const ready = this.#ready.shift();
      if (ready) return ready;
      const source = this.#sources.shift();
      if (!source) return undefined;
      this.#current = source()[Symbol.iterator]();
    }
  }

  #skipOldest(): void {
    // The reader may stand in the middle of a message; the oldest waiting one comes after the rest of it.
    for (let one = this.#current?.next(); one?.done === false; one = this.#current?.next())
      this.#keep(one.value);
    this.#current = undefined;
    for (const event of this.#sources.shift()?.() ?? []) this.#keep(event);
    this.#skipped++;
  }

  #keep(event: SubscriptionEvent): void {
    if (event.type !== 'samples') this.#ready.push(event);
  }

  #finish(): IteratorResult<SubscriptionEvent, undefined> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    return { done: true, value: undefined };
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
