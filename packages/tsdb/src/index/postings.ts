/**
 * A posting list: the refs of the series that have one label value. Refs only grow, so adding is a push and
 * the list stays sorted.
 */
export class PostingList {
  #refs: Uint32Array;
  #size = 0;

  constructor() {
    this.#refs = new Uint32Array(2);
  }

  get size(): number {
    return this.#size;
  }

  /** Sorted; a view that the next `push` may leave behind. */
  get refs(): Uint32Array {
    return this.#refs.subarray(0, this.#size);
  }

  push(ref: number): void {
    if (this.#size === this.#refs.length) {
      const grown = new Uint32Array(this.#size * 2);
      grown.set(this.#refs);
      this.#refs = grown;
    }
    this.#refs[this.#size++] = ref;
  }

  /** Drops the refs for which `gone` is true. */
  prune(gone: (ref: number) => boolean): void {
    const kept = this.refs.filter((ref) => !gone(ref));
    this.#refs = kept.length === 0 ? new Uint32Array(2) : kept;
    this.#size = kept.length;
  }
}
