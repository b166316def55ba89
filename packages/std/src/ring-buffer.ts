/** A fixed number of the newest items; pushing onto a full ring drops and returns the oldest. */
export class RingBuffer<T> {
  readonly #items: (T | undefined)[];
  #start = 0;
  #size = 0;

  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError(`ring buffer capacity must be ≥ 1, got ${capacity}`);
    this.#items = Array.from<T | undefined>({ length: capacity });
  }

  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#items.length;
  }

  push(item: T): T | undefined {
    const at = (this.#start + this.#size) % this.#items.length;
    if (this.#size < this.#items.length) {
      this.#items[at] = item;
      this.#size++;
      return undefined;
    }
    const dropped = this.#items[at];
    this.#items[at] = item;
    this.#start = (this.#start + 1) % this.#items.length;
    return dropped;
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#start];
    this.#items[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.#items.length;
    this.#size--;
    return item;
  }

  /** Takes the newest item back. */
  pop(): T | undefined {
    const item = this.at(-1);
    if (this.#size > 0) this.#items[(this.#start + --this.#size) % this.#items.length] = undefined;
    return item;
  }

  /** The item `index` places after the oldest; negative counts back from the newest. */
  at(index: number): T | undefined {
    const from = index < 0 ? this.#size + index : index;
    if (from < 0 || from >= this.#size) return undefined;
    return this.#items[(this.#start + from) % this.#items.length];
  }

  clear(): void {
    this.#items.fill(undefined);
    this.#start = 0;
    this.#size = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.#size; index++) yield this.at(index) as T;
  }
}
