/** Samples of one request on their way into the store, put together by timestamp as the appender takes them. */
import type { AppendOutcome, Appender, SeriesRef } from '@nowcast/model';

const CAPACITY_MIN = 512;

class Column {
  timeMs = 0;
  count = 0;
  refs: Uint32Array = new Uint32Array(CAPACITY_MIN);
  values: Float64Array = new Float64Array(CAPACITY_MIN);
  words: Int32Array = new Int32Array(this.values.buffer);

  add(ref: SeriesRef, low: number, high: number): void {
    const at = this.count++;
    if (at === this.refs.length) this.#grow();
    this.refs[at] = ref;
    this.words[at * 2] = low;
    this.words[at * 2 + 1] = high;
  }

  #grow(): void {
    const { refs, values } = this;
    this.refs = new Uint32Array(refs.length * 2);
    this.refs.set(refs);
    this.values = new Float64Array(values.length * 2);
    this.words = new Int32Array(this.values.buffer);
    this.words.set(new Int32Array(values.buffer));
  }
}

/** Columns kept between requests; a request with more timestamps makes new ones. */
const SPARE_MAX = 64;

/** One for all requests, emptied between them: its columns are used again. */
export class WriteBatch {
  readonly #columns = new Map<number, Column>();
  readonly #spare: Column[] = [];
  #last: Column | undefined;

  /** The value comes as the two halves of its bits, since a NaN may lose some on its way as a number. */
  add(timeMs: number, ref: SeriesRef, low: number, high: number): void {
    let column = this.#last;
    if (column === undefined || column.timeMs !== timeMs) column = this.#columnOf(timeMs);
    column.add(ref, low, high);
  }

  /** Appends everything, oldest first; the outcome is of all samples together. */
  appendTo(appender: Appender): AppendOutcome {
    const total = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
    const columns = [...this.#columns.values()].sort((a, b) => a.timeMs - b.timeMs);
    for (const { timeMs, refs, values, count } of columns) {
      const outcome = appender.append(timeMs, refs.subarray(0, count), values.subarray(0, count));
      total.accepted += outcome.accepted;
      total.duplicate += outcome.duplicate;
      total.overwritten += outcome.overwritten;
      total.tooOld += outcome.tooOld;
    }
    return total;
  }

  clear(): void {
    for (const column of this.#columns.values())
      if (this.#spare.length < SPARE_MAX) this.#spare.push(column);
    this.#columns.clear();
    this.#last = undefined;
  }

  #columnOf(timeMs: number): Column {
    let column = this.#columns.get(timeMs);
    if (column === undefined) {
      column = this.#spare.pop() ?? new Column();
      column.timeMs = timeMs;
      column.count = 0;
      this.#columns.set(timeMs, column);
    }
    this.#last = column;
    return column;
  }
}
