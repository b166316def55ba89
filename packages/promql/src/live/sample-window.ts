/**
 * The newest samples of one series, held in memory for the standing queries that read it. Times rise strictly.
 * A sample at a time that is taken replaces the value there, as in the store: the last write wins.
 */
import type { LabelSet, SeriesData } from '@nowcast/model';

const CAPACITY_MIN = 16;

export class SampleWindow {
  readonly labels: LabelSet;
  #timesMs: Float64Array = new Float64Array(CAPACITY_MIN);
  #values: Float64Array = new Float64Array(CAPACITY_MIN);
  /** Samples stand from `#start` up to but without `#end`. */
  #start = 0;
  #end = 0;

  constructor(labels: LabelSet) {
    this.labels = labels;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  /** Time of the newest sample; NaN when there is none. */
  get newestMs(): number {
    return this.size === 0 ? NaN : (this.#timesMs[this.#end - 1] as number);
  }

  /** Takes a sample; returns by how many samples the window has grown. */
  put(timeMs: number, value: number): number {
    if (this.#end === this.#timesMs.length) this.#makeRoom(1);
    const isNewest = this.size === 0 || timeMs > (this.#timesMs[this.#end - 1] as number);
    const at = isNewest ? this.#end : this.#firstFrom(timeMs);
    if (!isNewest && this.#timesMs[at] === timeMs) {
      this.#values[at] = value;
      return 0;
    }
    this.#timesMs.copyWithin(at + 1, at, this.#end);
    this.#values.copyWithin(at + 1, at, this.#end);
    this.#timesMs[at] = timeMs;
    this.#values[at] = value;
    this.#end++;
    return 1;
  }

  /**
   * Adds what the store has of the series. Where both have a sample the window's own stays: it may have arrived
   * after the store was read. Returns by how many samples the window has grown.
   */
  fill({ timesMs, values }: Pick<SeriesData, 'timesMs' | 'values'>): number {
    const before = this.size;
    const own = { timesMs: this.#timesMs, values: this.#values, at: this.#start, end: this.#end };
    const size = Math.max(CAPACITY_MIN, before + timesMs.length);
    this.#timesMs = new Float64Array(size);
    this.#values = new Float64Array(size);
    this.#start = this.#end = 0;
    for (let at = 0; at < timesMs.length || own.at < own.end; this.#end++) {
      const theirsMs = at < timesMs.length ? (timesMs[at] as number) : Infinity;
      const oursMs = own.at < own.end ? (own.timesMs[own.at] as number) : Infinity;
      const isOurs = oursMs <= theirsMs;
      this.#timesMs[this.#end] = isOurs ? oursMs : theirsMs;
      this.#values[this.#end] = (isOurs ? own.values[own.at] : values[at]) as number;
      if (theirsMs <= oursMs) at++;
      if (isOurs) own.at++;
    }
    return this.size - before;
  }

  /** Lets go of samples before `timeMs`; returns how many. */
  dropBefore(timeMs: number): number {
    const before = this.size;
    this.#start = this.#firstFrom(timeMs);
    if (this.size === 0) this.#start = this.#end = 0;
    return before - this.size;
  }

  /** The samples from `startMs` to `endMs`, both inclusive; valid until the window changes. */
  cut(startMs: number, endMs: number): SeriesData | undefined {
    const from = this.#firstFrom(startMs);
    const to = this.#firstAfter(endMs);
    if (from >= to) return undefined;
    const timesMs = this.#timesMs.subarray(from, to);
    return { labels: this.labels, timesMs, values: this.#values.subarray(from, to) };
  }

  /** When time alone changes what an instant sees of the series: a later sample, or the end of the lookback. */
  nextChangeMs(timeMs: number, lookbackMs: number): number {
    const after = this.#firstAfter(timeMs);
    const next = after < this.#end ? (this.#timesMs[after] as number) : Infinity;
    if (after === this.#start) return next;
    const endsMs = (this.#timesMs[after - 1] as number) + lookbackMs;
    return endsMs > timeMs ? Math.min(next, endsMs) : next;
  }

  #firstFrom(timeMs: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timesMs[middle] as number) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAfter(timeMs: number): number {
    const at = this.#firstFrom(timeMs);
    return at < this.#end && this.#timesMs[at] === timeMs ? at + 1 : at;
  }

  /** Moves the samples to the front, into larger arrays where they fill more than half of these. */
  #makeRoom(count: number): void {
    const needed = this.size + count;
    const size = needed * 2 > this.#timesMs.length ? needed * 2 : this.#timesMs.length;
    const isLarger = size > this.#timesMs.length;
    const timesMs = isLarger ? new Float64Array(size) : this.#timesMs;
    const values = isLarger ? new Float64Array(size) : this.#values;
    timesMs.set(this.#timesMs.subarray(this.#start, this.#end));
    values.set(this.#values.subarray(this.#start, this.#end));
    this.#end = this.size;
    this.#start = 0;
    this.#timesMs = timesMs;
    this.#values = values;
  }
}
