import { BitWriter } from '../codec/bit-writer.ts';
import { encodeTimes } from '../codec/time-codec.ts';

/** A part of a stored time column. */
export interface TimeSlice {
  readonly column: number;
  readonly from: number;
}

interface Column {
  readonly times: Float64Array;
  readonly id: number;
}

/** Columns compared with; series that are sampled together come from few senders. */
const RECENT_MAX = 48;

/**
 * Finds for each chunk a time column that holds its timestamps as one unbroken part, and stores a new column
 * only when there is none: series that were scraped together pay for their timestamps once, late starters too.
 */
export class TimeTable {
  readonly #store: (payload: Uint8Array, times: Float64Array) => void;
  readonly #recent: Column[] = [];
  readonly #writer = new BitWriter();
  #count = 0;

  /** `store` is called once per new column, in the order of their ids from 0. */
  constructor(store: (payload: Uint8Array, times: Float64Array) => void) {
    this.#store = store;
  }

  place(times: Float64Array): TimeSlice {
    for (let at = 0; at < this.#recent.length; at++) {
      const column = this.#recent[at] as Column;
      const from = findPart(column.times, times);
      if (from < 0) continue;
      this.#recent.splice(at, 1);
      this.#recent.unshift(column);
      return { column: column.id, from };
    }
    this.#writer.clear();
    encodeTimes(this.#writer, times);
    this.#store(this.#writer.view(), times);
    this.#recent.unshift({ times: times.slice(), id: this.#count });
    if (this.#recent.length > RECENT_MAX) this.#recent.pop();
    return { column: this.#count++, from: 0 };
  }
}

/** Where `part` stands in `whole` without a gap, or −1. */
function findPart(whole: Float64Array, part: Float64Array): number {
  const first = part[0] as number;
  let low = 0;
  let high = whole.length - part.length + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((whole[middle] as number) < first) low = middle + 1;
    else high = middle;
  }
  if (low + part.length > whole.length) return -1;
  for (let at = 0; at < part.length; at++) if (whole[low + at] !== part[at]) return -1;
  return low;
}
