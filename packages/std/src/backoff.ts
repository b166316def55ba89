export interface BackoffOptions {
  /** Ceiling of the first delay. */
  readonly baseMs: number;
  /** Ceiling of every delay. */
  readonly maxMs: number;
  /** A number in [0, 1); injected so that tests are exact. */
  readonly random?: (() => number) | undefined;
}

/**
 * Exponential backoff with full jitter: delay n is uniform in [0, min(max, base · 2^n)), so a crowd
 * that lost its server together does not return together.
 */
export class Backoff {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(options: BackoffOptions) {
    this.#baseMs = options.baseMs;
    this.#maxMs = options.maxMs;
    this.#random = options.random ?? Math.random;
  }

  get attempt(): number {
    return this.#attempt;
  }

  nextMs(): number {
    const ceilingMs = Math.min(this.#maxMs, this.#baseMs * 2 ** Math.min(this.#attempt, 30));
    this.#attempt++;
    return Math.floor(this.#random() * ceilingMs);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
