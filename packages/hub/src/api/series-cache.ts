/**
 * Known series by the bytes of their labels as they stand in a message: a sender that repeats itself costs a
 * comparison of bytes per series, and labels are read once. Bytes decide, hashes only find: two series never
 * share a ref because their hashes are equal.
 */
import type { SeriesRef } from '@nowcast/model';

/** Says that the bytes are not known. */
export const UNKNOWN_SERIES: SeriesRef = -1;

const SLOTS_MIN = 1_024;
const ARENA_MIN = 65_536;

export class SeriesCache {
  readonly #bytesMax: number;
  #arena = new Uint8Array(ARENA_MIN);
  #arenaView = new DataView(this.#arena.buffer);
  #arenaEnd = 0;
  /** Open addressing: 0 is free, otherwise an entry's number plus one. */
  #slots = new Int32Array(SLOTS_MIN);
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #hashes: number[] = [];
  readonly #refs: SeriesRef[] = [];
  /** The entry that followed this one last time: senders keep their order. */
  readonly #nexts: number[] = [];
  #last = -1;

  /** @param bytesMax past so many bytes of labels the memory starts anew. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get size(): number {
    return this.#refs.length;
  }

  /**
   * Where the bytes of the series end that followed the last one before, if it is these bytes that stand at `from`;
   * otherwise −1. `refFound` is its ref.
   */
  expect(view: DataView, from: number, limit: number): number {
    const guess = this.#last >= 0 ? (this.#nexts[this.#last] as number) : -1;
    if (guess < 0) return -1;
    const length = this.#lengths[guess] as number;
    if (from + length > limit || !this.#holds(guess, view, { from, length })) return -1;
    this.#last = guess;
    return from + length;
  }

  /** The ref of the series found last. */
  get refFound(): SeriesRef {
    return this.#last < 0 ? UNKNOWN_SERIES : (this.#refs[this.#last] as SeriesRef);
  }

  /** The ref remembered for the bytes from `from` up to `to`, or `UNKNOWN_SERIES`. */
  find(view: DataView, from: number, to: number): SeriesRef {
    const entry = this.#lookUp(view, { from, length: to - from });
    if (entry < 0) return UNKNOWN_SERIES;
    this.#follow(entry);
    return this.#refs[entry] as SeriesRef;
  }

  /** Remembers a ref for bytes that `find` did not know. */
  add(view: DataView, span: { readonly from: number; readonly to: number }, ref: SeriesRef): void {
    const length = span.to - span.from;
    if (this.#arenaEnd + length > this.#bytesMax) this.clear();
    this.#reserve(length);
    const bytes = new Uint8Array(view.buffer, view.byteOffset + span.from, length);
    this.#arena.set(bytes, this.#arenaEnd);
    const entry = this.#refs.push(ref) - 1;
    this.#starts.push(this.#arenaEnd);
    this.#lengths.push(length);
    this.#hashes.push(hashOf(view, span.from, length));
    this.#nexts.push(-1);
    this.#arenaEnd += length;
    if (this.#refs.length * 2 > this.#slots.length) this.#rehash();
    else this.#place(entry);
    this.#follow(entry);
  }

  clear(): void {
    for (const column of [this.#starts, this.#lengths, this.#hashes, this.#refs, this.#nexts])
      column.length = 0;
    this.#slots = new Int32Array(SLOTS_MIN);
    this.#arenaEnd = 0;
    this.#last = -1;
  }

  #lookUp(view: DataView, span: { readonly from: number; readonly length: number }): number {
    const hash = hashOf(view, span.from, span.length);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#holds(entry, view, span)) return entry;
    }
  }

  #follow(entry: number): void {
    if (this.#last >= 0) this.#nexts[this.#last] = entry;
    this.#last = entry;
  }

  #holds(
    entry: number,
    view: DataView,
    { from, length }: { readonly from: number; readonly length: number },
  ): boolean {
    if (this.#lengths[entry] !== length) return false;
    const mine = this.#arenaView;
    const start = this.#starts[entry] as number;
    let at = 0;
    for (; at + 4 <= length; at += 4)
      if (mine.getInt32(start + at, true) !== view.getInt32(from + at, true)) return false;
    for (; at < length; at++)
      if (mine.getUint8(start + at) !== view.getUint8(from + at)) return false;
    return true;
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[entry] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#refs.length; entry++) this.#place(entry);
  }

  #reserve(more: number): void {
    if (this.#arenaEnd + more <= this.#arena.length) return;
    const grown = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaEnd + more));
    grown.set(this.#arena.subarray(0, this.#arenaEnd));
    this.#arena = grown;
    this.#arenaView = new DataView(grown.buffer);
  }
}

function hashOf(view: DataView, from: number, length: number): number {
  let hash = length;
  let at = from;
  const end = from + length;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash ^ (hash >>> 13);
}
