import { lowerBound, upperBound } from '../block/sample-run.ts';

/** What a thread needs to read a shape; all arrays lie in shared memory. */
export interface ShapeData {
  readonly refs: Uint32Array;
  readonly rows: number;
  readonly times: Float64Array;
  readonly order: Uint32Array;
  readonly pages: readonly Uint32Array[];
}

/** The 64 bits of a value. */
export interface WordPair {
  readonly low: number;
  readonly high: number;
}

/** A page of rows stays near this many values, so that no single allocation or copy takes long. */
const PAGE_VALUES = 32_768;
const PAGE_ROWS_MAX = 240;
const FIRST_ROWS = 4;

/**
 * Samples that came together: the series of one scrape or batch, as a table with a row per timestamp. A new
 * row is one copy. Rows lie in the order of arrival; `times` and `order` hold them sorted, so a late row moves
 * two small numbers and no samples. The table lives in shared memory and is sealed by another thread in place.
 */
export class Shape {
  readonly refs: Uint32Array;
  /** No series of this shape has a newer sample in the generation before. */
  floorMs: number = -Infinity;
  /** True when another shape holds some of these series too. */
  overlaps = false;
  readonly #pageRows: number;
  readonly #pages: Uint32Array[] = [];
  #times: Float64Array;
  #order: Uint32Array;
  #rows = 0;

  constructor(refs: Uint32Array) {
    this.refs = refs;
    this.#pageRows = pageRowsOf(refs.length);
    this.#times = new Float64Array(new SharedArrayBuffer(FIRST_ROWS * 8));
    this.#order = new Uint32Array(new SharedArrayBuffer(FIRST_ROWS * 4));
  }

  static fromData(data: ShapeData): Shape {
    const shape = new Shape(data.refs);
    shape.#times = data.times;
    shape.#order = data.order;
    shape.#pages.push(...data.pages);
    shape.#rows = data.rows;
    return shape;
  }

  toData(): ShapeData {
    const { refs } = this;
    return { refs, rows: this.#rows, times: this.#times, order: this.#order, pages: this.#pages };
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    let sum = this.refs.byteLength + this.#times.byteLength + this.#order.byteLength + 200;
    for (const page of this.#pages) sum += page.byteLength;
    return sum;
  }

  get newestMs(): number {
    return this.#rows === 0 ? -Infinity : (this.#times[this.#rows - 1] as number);
  }

  /** Sorted; a view. */
  get times(): Float64Array {
    return this.#times.subarray(0, this.#rows);
  }

  /** The row at a timestamp, or −1. Rows are numbered by arrival. */
  rowAt(timeMs: number): number {
    if (timeMs > this.newestMs) return -1;
    const at = lowerBound(this.times, timeMs);
    return this.#times[at] === timeMs ? (this.#order[at] as number) : -1;
  }

  /** Adds a row, given as the words of its values; there must be none at that time. */
  add(timeMs: number, words: Uint32Array): void {
    const row = this.#rows;
    if (row === this.#times.length) this.#growRows();
    const at = timeMs > this.newestMs ? row : lowerBound(this.times, timeMs);
    this.#times.copyWithin(at + 1, at, row);
    this.#order.copyWithin(at + 1, at, row);
    this.#times[at] = timeMs;
    this.#order[at] = row;
    this.#rows++;
    this.#page(row).set(words, (row % this.#pageRows) * this.refs.length * 2);
  }

  holds(row: number, column: number, pair: WordPair): boolean {
    const page = this.#pages[Math.floor(row / this.#pageRows)] as Uint32Array;
    const at = ((row % this.#pageRows) * this.refs.length + column) * 2;
    return page[at] === pair.low && page[at + 1] === pair.high;
  }

  /** True when the cell has these bits already; otherwise it has them now. */
  put(row: number, column: number, pair: WordPair): boolean {
    if (this.holds(row, column, pair)) return true;
    const page = this.#pages[Math.floor(row / this.#pageRows)] as Uint32Array;
    const at = ((row % this.#pageRows) * this.refs.length + column) * 2;
    page[at] = pair.low;
    page[at + 1] = pair.high;
    return false;
  }

  /** Positions in `times` from `startMs` to `endMs`, both inclusive. */
  range(startMs: number, endMs: number): { from: number; to: number } {
    const from = lowerBound(this.times, startMs);
    return { from, to: Math.max(from, upperBound(this.times, endMs)) };
  }

  /** Values of a column, in order of time. */
  column(column: number, range: { readonly from: number; readonly to: number }): Float64Array {
    const values = new Float64Array(range.to - range.from);
    const words = new Uint32Array(values.buffer);
    const width = this.refs.length;
    const pageRows = this.#pageRows;
    for (let at = range.from, target = 0; at < range.to; at++, target += 2) {
      const row = this.#order[at] as number;
      const page = this.#pages[Math.floor(row / pageRows)] as Uint32Array;
      const from = ((row % pageRows) * width + column) * 2;
      words[target] = page[from] as number;
      words[target + 1] = page[from + 1] as number;
    }
    return values;
  }

  #page(row: number): Uint32Array {
    const index = Math.floor(row / this.#pageRows);
    const rowWords = this.refs.length * 2;
    const page = this.#pages[index];
    if (page === undefined) {
      const rows = index === 0 ? Math.min(FIRST_ROWS, this.#pageRows) : this.#pageRows;
      return (this.#pages[index] = sharedWords(rows * rowWords));
    }
    if ((row % this.#pageRows) * rowWords < page.length) return page;
    // Only the first page starts small: most shapes of a quiet sender never need more.
    const grown = sharedWords(Math.min(this.#pageRows * rowWords, page.length * 2));
    grown.set(page);
    return (this.#pages[index] = grown);
  }

  #growRows(): void {
    const times = new Float64Array(new SharedArrayBuffer(this.#times.byteLength * 2));
    const order = new Uint32Array(new SharedArrayBuffer(this.#order.byteLength * 2));
    times.set(this.#times);
    order.set(this.#order);
    this.#times = times;
    this.#order = order;
  }
}

function pageRowsOf(width: number): number {
  return Math.max(1, Math.min(PAGE_ROWS_MAX, Math.floor(PAGE_VALUES / width)));
}

function sharedWords(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * 4));
}
