/** Samples of one request on their way into the store, put together by timestamp as the appender takes them. */
import type { AppendOutcome, Appender, SeriesRef } from '@nowcast/model';

const CAPACITY_MIN = 256;

class Batch {
  readonly refs: SeriesRef[] = [];
  values: Float64Array = new Float64Array(CAPACITY_MIN);

  add(ref: SeriesRef, value: Float64Array): void {
    const at = this.refs.length;
    if (at === this.values.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.refs.push(ref);
    // From array to array: the bits of a staleness marker survive.
    this.values[at] = value[0] as number;
  }
}

export class WriteBatch {
  readonly #batches = new Map<number, Batch>();
  #last: Batch | undefined;
  #lastMs = Number.NaN;

  add(timeMs: number, ref: SeriesRef, value: Float64Array): void {
    if (timeMs !== this.#lastMs || this.#last === undefined) {
      this.#last = this.#batches.get(timeMs) ?? new Batch();
      this.#lastMs = timeMs;
      this.#batches.set(timeMs, this.#last);
    }
    this.#last.add(ref, value);
  }

  /** Appends everything, oldest first; the outcome is of all samples together. */
  appendTo(appender: Appender): AppendOutcome {
    const total = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
    for (const timeMs of [...this.#batches.keys()].sort((a, b) => a - b)) {
      const { refs, values } = this.#batches.get(timeMs) as Batch;
      const outcome = appender.append(timeMs, refs, values.subarray(0, refs.length));
      total.accepted += outcome.accepted;
      total.duplicate += outcome.duplicate;
      total.overwritten += outcome.overwritten;
      total.tooOld += outcome.tooOld;
    }
    return total;
  }
}
