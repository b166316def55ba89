/** The samples of a series as two columns of equal length; times are milliseconds and strictly rise. */
export interface Column {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * The newest samples of one series, in typed arrays. Storage is twice the capacity and moves down when it
 * is full, so that the samples always lie in one piece and a reader gets views, never copies.
 */
export class SampleColumn {
  readonly #capacity: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    if (!(capacity >= 2)) throw new RangeError(`capacity must be ≥ 2, got ${capacity}`);
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity * 2);
    this.#values = new Float64Array(capacity * 2);
  }

  get size(): number {
    return this.#end - this.#start;
  }

  get lastMs(): number {
    return this.size === 0 ? -Infinity : (this.#times[this.#end - 1] as number);
  }

  get firstMs(): number {
    return this.size === 0 ? Infinity : (this.#times[this.#start] as number);
  }

  get last(): number {
    return this.size === 0 ? NaN : (this.#values[this.#end - 1] as number);
  }

  /** Adds a sample; one at a known time replaces it, one from the past goes to its place. */
  push(timeMs: number, value: number): void {
    if (timeMs > this.lastMs) this.#append(timeMs, value);
    else this.#insert(timeMs, value);
  }

  /** Samples from `fromMs` on, and one before it so that a rate has something to start from. */
  since(fromMs: number): Column {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) < fromMs) low = middle + 1;
      else high = middle;
    }
    return this.#view(Math.max(this.#start, low - 1));
  }

  /** Samples later than `timeMs`. */
  after(timeMs: number): Column {
    const { timesMs, values } = this.since(timeMs);
    let from = 0;
    while (from < timesMs.length && (timesMs[from] as number) <= timeMs) from++;
    return { timesMs: timesMs.subarray(from), values: values.subarray(from) };
  }

  /** Takes the newest sample away. */
  dropLast(): void {
    if (this.size > 0) this.#end--;
  }

  all(): Column {
    return this.#view(this.#start);
  }

  #view(from: number): Column {
    return {
      timesMs: this.#times.subarray(from, this.#end),
      values: this.#values.subarray(from, this.#end),
    };
  }

  #append(timeMs: number, value: number): void {
    if (this.#end === this.#times.length) {
      const keepFrom = this.#end - (this.#capacity - 1);
      this.#times.copyWithin(0, keepFrom, this.#end);
      this.#values.copyWithin(0, keepFrom, this.#end);
      this.#start = 0;
      this.#end = this.#capacity - 1;
    }
    this.#times[this.#end] = timeMs;
    this.#values[this.#end] = value;
    this.#end++;
    if (this.size > this.#capacity) this.#start++;
  }

  #insert(timeMs: number, value: number): void {
    let at = this.#end;
    while (at > this.#start && (this.#times[at - 1] as number) > timeMs) at--;
    if (at > this.#start && this.#times[at - 1] === timeMs) {
      this.#values[at - 1] = value;
      return;
    }
    // Older than everything a full column holds: it would be the next to go.
    if (at === this.#start && this.size === this.#capacity) return;
    // Appending may move the storage down, so the place is remembered from the end.
    const laterCount = this.#end - at;
    this.#append(this.lastMs, this.last);
    const place = this.#end - 1 - laterCount;
    this.#times.copyWithin(place + 1, place, this.#end - 1);
    this.#values.copyWithin(place + 1, place, this.#end - 1);
    this.#times[place] = timeMs;
    this.#values[place] = value;
  }
}
