import { type Deferred, deferred } from '@nowcast/std';
import { ApiError } from './api-error.ts';

export interface QueryGateOptions {
  /** Queries let through at once. */
  readonly atOnceMax: number;
  /** Queries that may wait; one more is refused with `unavailable`. */
  readonly waitingMax: number;
  /** Hears that a query has to wait. */
  readonly onWait?: (() => void) | undefined;
  /** Hears that a query was refused. */
  readonly onRefuse?: (() => void) | undefined;
}

/** Lets so many queries run at once; the others wait in order of arrival, or until nobody wants them. */
export class QueryGate {
  readonly #options: QueryGateOptions;
  readonly #waiting: Deferred<void>[] = [];
  #running = 0;

  constructor(options: QueryGateOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async run<T>(query: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    await this.#enter(signal);
    try {
      return await query();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const { atOnceMax, waitingMax, onWait, onRefuse } = this.#options;
    if (this.#running < atOnceMax) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      onRefuse?.();
      throw new ApiError('unavailable', 'too many queries are waiting; try again later');
    }
    onWait?.();
    const turn = deferred();
    this.#waiting.push(turn);
    const giveUp = (): void => {
      const at = this.#waiting.indexOf(turn);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      turn.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp);
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#running--;
  }
}
