/** The rate of a counter over the last stretch of time. A fall is a reset and starts anew. */
export class RateWindow {
  readonly #spanMs: number;
  readonly #timesMs: number[] = [];
  readonly #values: number[] = [];

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** Takes a reading; returns the rate per second over at most the span, or undefined from one reading. */
  add(timeMs: number, value: number): number | undefined {
    if (value < (this.#values.at(-1) ?? -Infinity)) {
      this.#timesMs.length = 0;
      this.#values.length = 0;
    }
    this.#timesMs.push(timeMs);
    this.#values.push(value);
    while (this.#timesMs.length > 2 && timeMs - (this.#timesMs[0] as number) > this.#spanMs) {
      this.#timesMs.shift();
      this.#values.shift();
    }
    const spanMs = timeMs - (this.#timesMs[0] as number);
    return spanMs > 0 ? ((value - (this.#values[0] as number)) / spanMs) * 1_000 : undefined;
  }
}
