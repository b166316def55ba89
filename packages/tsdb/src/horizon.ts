import type { Clock } from '@nowcast/std';

/**
 * The oldest time a store keeps: the retention before the newest sample, or before now when samples come from
 * the future. So an archive is kept whole however old it is, and a store nobody writes to forgets nothing;
 * an empty store takes samples of any age. Never moves back while the clock does not.
 */
export class Horizon {
  readonly #clock: Clock;
  readonly #retentionMs: number;
  #newestMs = -Infinity;

  constructor(clock: Clock, retentionMs: number) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
  }

  /** −Infinity while nothing is known to be stored. */
  get timeMs(): number {
    return this.before(this.#retentionMs);
  }

  /** Where something begins that is kept for longer than samples are. */
  before(keptMs: number): number {
    return Math.min(this.#clock.nowMs(), this.#newestMs) - Math.max(keptMs, this.#retentionMs);
  }

  /** There is, or was, a sample at this time. */
  note(timeMs: number): void {
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
  }
}
