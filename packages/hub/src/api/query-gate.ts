import { type Deferred, deferred } from '@nowcast/std';
import { ApiError } from './api-error.ts';

export interface QueryGateOptions {
  /** Queries let through at once. */
  readonly atOnceMax: number;
  /** Queries that may wait; one more is refused with `unavailable`. */
  readonly waitingMax: number;
}

/** Lets so many queries run at once; the others wait in order of arrival. */
export class QueryGate {
  readonly #options: QueryGateOptions;
  readonly #waiting: Deferred<void>[] = [];
  #running = 0;

  constructor(options: QueryGateOptions) {
    this.#options = options;
  }

  async run<T>(query: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await query();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#options.atOnceMax) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#options.waitingMax)
      throw new ApiError('unavailable', 'too many queries are waiting; try again later');
    const turn = deferred();
    this.#waiting.push(turn);
    await turn.promise;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#running--;
  }
}
