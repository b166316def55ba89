/**
 * The newest samples of a series, as its sparkline shows them: values, or for a counter, whose value only
 * rises, the increase per second.
 */
import type { MetricMetadata } from '@nowcast/model';
import { RingBuffer } from '@nowcast/std';

export class SampleHistory {
  readonly #isCounter: boolean;
  readonly #shape: RingBuffer<number>;
  #lastMs = NaN;
  #lastValue = NaN;

  constructor({ type }: MetricMetadata, capacity: number) {
    this.#isCounter = type === 'counter';
    this.#shape = new RingBuffer(capacity);
  }

  /** Oldest first. */
  get shape(): readonly number[] {
    return [...this.#shape];
  }

  /** Of a counter, between its two newest samples; undefined for anything else and before the second. */
  get perSecond(): number | undefined {
    return this.#isCounter ? this.#shape.at(-1) : undefined;
  }

  push(timeMs: number, value: number): void {
    // A correction of the past; the newest point's own replaces it.
    if (timeMs < this.#lastMs) return;
    if (timeMs === this.#lastMs && !this.#isCounter) this.#shape.pop();
    if (!this.#isCounter) this.#shape.push(value);
    else if (timeMs > this.#lastMs) this.#shape.push(this.#rate(timeMs, value));
    this.#lastMs = timeMs;
    this.#lastValue = value;
  }

  #rate(timeMs: number, value: number): number {
    // A counter that fell has been reset and began again at zero.
    const increase = value < this.#lastValue ? value : value - this.#lastValue;
    return (increase * 1_000) / (timeMs - this.#lastMs);
  }
}
