/**
 * The samples of one series: two columns, times strictly rising. Values are moved as pairs of 32-bit words,
 * never as numbers, so that the payload of a NaN survives.
 */
export type InsertOutcome = 'accepted' | 'duplicate' | 'overwritten';

export class SampleColumn {
  #times: Float64Array = new Float64Array(8);
  #values: Float64Array = new Float64Array(8);
  #words: Uint32Array = new Uint32Array(this.#values.buffer);
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  get bytes(): number {
    return this.#times.byteLength * 2;
  }

  get oldestMs(): number {
    return this.#times[this.#start] as number;
  }

  get newestMs(): number {
    return this.#times[this.#end - 1] as number;
  }

  /** Inserts the value whose words are `source[at]` and `source[at + 1]`. */
  insert(timeMs: number, source: Uint32Array, at: number): InsertOutcome {
    const place = this.size === 0 || timeMs > this.newestMs ? this.#end : this.#lowerBound(timeMs);
    const low = source[at] as number;
    const high = source[at + 1] as number;
    if (place < this.#end && this.#times[place] === timeMs) {
      const same = this.#words[place * 2] === low && this.#words[place * 2 + 1] === high;
      this.#words[place * 2] = low;
      this.#words[place * 2 + 1] = high;
      return same ? 'duplicate' : 'overwritten';
    }
    const moved = this.#makeRoom(place);
    this.#times[moved] = timeMs;
    this.#words[moved * 2] = low;
    this.#words[moved * 2 + 1] = high;
    return 'accepted';
  }

  /** Copies of the samples from `startMs` to `endMs`, both inclusive. */
  slice(startMs: number, endMs: number): { timesMs: Float64Array; values: Float64Array } {
    const from = this.#lowerBound(startMs);
    const to = this.#lowerBound(endMs + 1);
    const until = Math.max(from, to);
    return { timesMs: this.#times.slice(from, until), values: this.#values.slice(from, until) };
  }

  countBetween(startMs: number, endMs: number): number {
    return Math.max(0, this.#lowerBound(endMs + 1) - this.#lowerBound(startMs));
  }

  /** Forgets samples before `startMs`; returns how many. */
  dropBefore(startMs: number): number {
    const from = this.#lowerBound(startMs);
    const dropped = from - this.#start;
    this.#start = from;
    return dropped;
  }

  #makeRoom(place: number): number {
    if (this.#end === this.#times.length) {
      const shift = this.#start;
      this.#reallocate();
      return this.#makeRoom(place - shift);
    }
    this.#times.copyWithin(place + 1, place, this.#end);
    this.#values.copyWithin(place + 1, place, this.#end);
    this.#end++;
    return place;
  }

  #reallocate(): void {
    const times = new Float64Array(Math.max(8, this.size * 2));
    const values = new Float64Array(times.length);
    times.set(this.#times.subarray(this.#start, this.#end));
    values.set(this.#values.subarray(this.#start, this.#end));
    this.#end = this.size;
    this.#start = 0;
    this.#times = times;
    this.#values = values;
    this.#words = new Uint32Array(values.buffer);
  }

  #lowerBound(timeMs: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
