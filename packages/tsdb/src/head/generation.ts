import type { AppendOutcome } from '@nowcast/model';
import { EMPTY_RUN, mergeRuns, wordsOf, type SampleRun } from '../block/sample-run.ts';
import { RefTable } from './ref-table.ts';
import { Shape, type WordPair } from './shape.ts';

export interface Counts {
  accepted: number;
  duplicate: number;
  overwritten: number;
}

interface Place {
  readonly shape: number;
  readonly column: number;
}

/** Past this many shapes per series, batches are taken apart: shapes that never repeat are not worth a table. */
const SHAPES_PER_SERIES = 4;
const SHAPES_FREE = 4_096;

/**
 * The samples since the last seal, by shape. A sample is found through its series' places (shape, column); a
 * timestamp newer than anything its series has needs no look-up, which is the case for nearly all: the newest
 * row of a shape says so at once, unless other shapes hold some of its series too. Where two shapes hold the same series and time, they hold the same value: an overwrite goes to all.
 */
export class Generation {
  readonly shapes: Shape[] = [];
  readonly #byHash = new Map<number, number[]>();
  readonly #newest = new RefTable(-Infinity);
  readonly #first = new RefTable(-1);
  readonly #firstColumn = new RefTable(0);
  readonly #further = new Map<number, Place[]>();
  #series = 0;
  #samples = 0;
  #minMs = Infinity;
  #maxMs = -Infinity;

  /** A generation to read from, over shapes of another thread. */
  static fromShapes(shapes: readonly Shape[]): Generation {
    const generation = new Generation();
    for (const shape of shapes) {
      generation.#link(shape, generation.shapes.push(shape) - 1);
      const { times } = shape;
      generation.#samples += shape.rows * shape.refs.length;
      generation.#minMs = Math.min(generation.#minMs, times[0] ?? Infinity);
      generation.#maxMs = Math.max(generation.#maxMs, times.at(-1) ?? -Infinity);
    }
    return generation;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Series with at least one sample here. */
  get series(): number {
    return this.#series;
  }

  get minMs(): number {
    return this.#minMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  get bytes(): number {
    let sum = this.#newest.bytes + this.#first.bytes + this.#firstColumn.bytes;
    for (const shape of this.shapes) sum += shape.bytes;
    return sum;
  }

  has(ref: number): boolean {
    return this.#first.get(ref) >= 0;
  }

  /** Series with samples here, each once. */
  *refs(): IterableIterator<number> {
    for (let id = 0; id < this.shapes.length; id++)
      for (const ref of (this.shapes[id] as Shape).refs) if (this.#first.get(ref) === id) yield ref;
  }

  /** The shape of a batch that has been here before, or −1. */
  find(refs: Uint32Array): number {
    const known = this.#byHash.get(hashOf(refs));
    if (known !== undefined)
      for (const id of known) if (equal((this.shapes[id] as Shape).refs, refs)) return id;
    return -1;
  }

  /**
   * Makes the shape of a batch, `older` being the generation before this one; −1 when the batch has to be taken apart: it names a series twice, or there are
   * too many shapes.
   */
  define(refs: Uint32Array, older?: Generation): number {
    if (refs.length > 1) {
      if (this.shapes.length > SHAPES_FREE + SHAPES_PER_SERIES * this.#series) return -1;
      if (new Set(refs).size < refs.length) return -1;
    }
    const shape = new Shape(refs.slice());
    if (older !== undefined)
      for (const ref of refs) shape.floorMs = Math.max(shape.floorMs, older.#newestOf(ref));
    const id = this.shapes.push(shape) - 1;
    const hash = hashOf(refs);
    const bucket = this.#byHash.get(hash);
    if (bucket === undefined) this.#byHash.set(hash, [id]);
    else bucket.push(id);
    this.#link(shape, id);
    return id;
  }

  /** Adds a row. `older` is asked for samples of the generation before this one that may be repeated here. */
  append(shapeId: number, timeMs: number, values: Float64Array, older?: Generation): Counts {
    const shape = this.shapes[shapeId] as Shape;
    const words = wordsOf(values);
    const fresh =
      timeMs > shape.newestMs &&
      timeMs > shape.floorMs &&
      (!shape.overlaps || this.#isNewest(shape, timeMs));
    const counts = fresh
      ? { accepted: shape.refs.length, duplicate: 0, overwritten: 0 }
      : this.#reconcile(shape, timeMs, { words, older });
    if (fresh || shape.rowAt(timeMs) < 0) {
      shape.add(timeMs, words);
      this.#samples += shape.refs.length;
    }
    if (shape.overlaps) this.#noteNewest(shape, timeMs);
    if (timeMs < this.#minMs) this.#minMs = timeMs;
    if (timeMs > this.#maxMs) this.#maxMs = timeMs;
    return counts;
  }

  /** Samples of a series; times are shared between series of a shape while `shared` is the same map. */
  read(
    ref: number,
    range: { readonly startMs: number; readonly endMs: number },
    shared: Map<Shape, { from: number; to: number; times: Float64Array }>,
  ): SampleRun {
    if (!this.has(ref)) return EMPTY_RUN;
    const runs: SampleRun[] = [];
    for (const place of this.#places(ref)) {
      const shape = this.shapes[place.shape] as Shape;
      let part = shared.get(shape);
      if (part === undefined) {
        const { from, to } = shape.range(range.startMs, range.endMs);
        part = { from, to, times: unshared(shape.times.subarray(from, to)) };
        shared.set(shape, part);
      }
      if (part.from < part.to)
        runs.push({ times: part.times, values: shape.column(place.column, part) });
    }
    return mergeRuns(runs);
  }

  /** How many samples a series has in the range; ones held by several shapes count several times. */
  count(ref: number, startMs: number, endMs: number): number {
    if (!this.has(ref)) return 0;
    let sum = 0;
    for (const place of this.#places(ref)) {
      const { from, to } = (this.shapes[place.shape] as Shape).range(startMs, endMs);
      sum += to - from;
    }
    return sum;
  }

  #isNewest(shape: Shape, timeMs: number): boolean {
    for (const ref of shape.refs) if (timeMs <= this.#newest.get(ref)) return false;
    return true;
  }

  #noteNewest(shape: Shape, timeMs: number): void {
    for (const ref of shape.refs) if (timeMs > this.#newest.get(ref)) this.#newest.set(ref, timeMs);
  }

  #reconcile(
    shape: Shape,
    timeMs: number,
    batch: { readonly words: Uint32Array; readonly older: Generation | undefined },
  ): Counts {
    const { words, older } = batch;
    const counts: Counts = { accepted: 0, duplicate: 0, overwritten: 0 };
    shape.refs.forEach((ref, at) => {
      const pair = { low: words[at * 2] as number, high: words[at * 2 + 1] as number };
      const found = this.#put(ref, timeMs, pair) ?? older?.peek(ref, timeMs, pair);
      if (found === undefined) counts.accepted++;
      else if (found) counts.duplicate++;
      else counts.overwritten++;
    });
    return counts;
  }

  /** Whether the sample there has the same bits; undefined when there is none. Changes nothing. */
  peek(ref: number, timeMs: number, pair: WordPair): boolean | undefined {
    if (!this.has(ref)) return undefined;
    for (const place of this.#places(ref)) {
      const shape = this.shapes[place.shape] as Shape;
      const row = shape.rowAt(timeMs);
      if (row >= 0) return shape.holds(row, place.column, pair);
    }
    return undefined;
  }

  #newestOf(ref: number): number {
    const first = this.shapes[this.#first.get(ref)];
    if (first === undefined) return -Infinity;
    // A shape that overlaps keeps the newest times of its series one by one.
    return first.overlaps ? this.#newest.get(ref) : first.newestMs;
  }

  #put(ref: number, timeMs: number, pair: WordPair): boolean | undefined {
    if (!this.has(ref)) return undefined;
    let same: boolean | undefined;
    for (const place of this.#places(ref)) {
      const shape = this.shapes[place.shape] as Shape;
      const row = shape.rowAt(timeMs);
      if (row >= 0) same = shape.put(row, place.column, pair);
    }
    return same;
  }

  *#places(ref: number): IterableIterator<Place> {
    yield { shape: this.#first.get(ref), column: this.#firstColumn.get(ref) };
    yield* this.#further.get(ref) ?? [];
  }

  #link(shape: Shape, id: number): void {
    shape.refs.forEach((ref, column) => {
      const first = this.#first.get(ref);
      if (first < 0) {
        this.#first.set(ref, id);
        this.#firstColumn.set(ref, column);
        this.#series++;
        return;
      }
      this.#overlap(shape);
      this.#overlap(this.shapes[first] as Shape);
      const places = this.#further.get(ref);
      if (places === undefined) this.#further.set(ref, [{ shape: id, column }]);
      else places.push({ shape: id, column });
    });
  }

  /** From now on the newest times of this shape's series are kept one by one. */
  #overlap(shape: Shape): void {
    if (shape.overlaps) return;
    shape.overlaps = true;
    this.#noteNewest(shape, shape.newestMs);
  }
}

/** Sums outcomes as `Appender.append` reports them. */
export function addCounts(
  sum: { -readonly [Name in keyof AppendOutcome]: number },
  more: Counts,
): void {
  sum.accepted += more.accepted;
  sum.duplicate += more.duplicate;
  sum.overwritten += more.overwritten;
}

function unshared(times: Float64Array): Float64Array {
  return Float64Array.from(times);
}

function hashOf(refs: Uint32Array): number {
  let hash = refs.length;
  for (let at = 0; at < refs.length; at++)
    hash = Math.imul(hash ^ (refs[at] as number), 0x01000193) + (hash >>> 15);
  return hash | 0;
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
