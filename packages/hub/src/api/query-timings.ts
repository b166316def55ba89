import type { Clock } from '@nowcast/std';

/** Prometheus's names, in seconds. */
export interface TimingSeconds {
  readonly evalTotalTime: number;
  readonly resultSortTime: number;
  readonly queryPreparationTime: number;
  readonly innerEvalTime: number;
  readonly execQueueTime: number;
  readonly execTotalTime: number;
}

/** Where the time of a query goes: waiting for its turn, reading samples (preparation), computing. */
export class QueryTimings {
  readonly #clock: Clock;
  readonly #startMs: number;
  #admittedMs: number | undefined;
  #fetchedMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  admitted(): void {
    this.#admittedMs = this.#clock.monotonicMs();
  }

  fetched(): void {
    this.#fetchedMs = this.#clock.monotonicMs();
  }

  /** As of this moment. */
  seconds(): TimingSeconds {
    const nowMs = this.#clock.monotonicMs();
    const admittedMs = this.#admittedMs ?? nowMs;
    const fetchedMs = this.#fetchedMs ?? nowMs;
    return {
      evalTotalTime: (nowMs - admittedMs) / 1_000,
      resultSortTime: 0,
      queryPreparationTime: (fetchedMs - admittedMs) / 1_000,
      innerEvalTime: (nowMs - fetchedMs) / 1_000,
      execQueueTime: (admittedMs - this.#startMs) / 1_000,
      execTotalTime: (nowMs - this.#startMs) / 1_000,
    };
  }
}
