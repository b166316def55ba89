/**
 * The refs of one publisher, and the series of the store behind them. When the store has given series up
 * because they were idle, their labels are asked for again; the publisher notices nothing.
 */
import { codeOf, type AppendOutcome, type SeriesRef } from '@nowcast/model';
import type { Ingest } from './ingest.ts';

export class RefTable {
  readonly #ingest: Ingest;
  readonly #refs = new Map<number, SeriesRef>();

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  get size(): number {
    return this.#refs.size;
  }

  get(ref: number): SeriesRef | undefined {
    return this.#refs.get(ref);
  }

  set(ref: number, series: SeriesRef): void {
    this.#refs.set(ref, series);
  }

  delete(ref: number): void {
    this.#refs.delete(ref);
  }

  /** @param refs the publisher's, all of them known here. */
  append(timeMs: number, refs: ArrayLike<number>, values: Float64Array): AppendOutcome {
    try {
      return this.#ingest.append(timeMs, this.#resolve(refs), values);
    } catch (error) {
      if (codeOf(error) !== 'series-expired') throw error;
      for (const [ref, series] of this.#refs) this.#refs.set(ref, this.#ingest.renew(series));
      return this.#ingest.append(timeMs, this.#resolve(refs), values);
    }
  }

  #resolve(refs: ArrayLike<number>): Uint32Array {
    const resolved = new Uint32Array(refs.length);
    for (let at = 0; at < refs.length; at++)
      resolved[at] = this.#refs.get(refs[at] as number) as SeriesRef;
    return resolved;
  }
}
