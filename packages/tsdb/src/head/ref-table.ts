const PAGE = 4_096;

/** A number per series ref, kept in pages that exist only where refs are in use. */
export class RefTable {
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #initial: number;

  constructor(initial: number) {
    this.#initial = initial;
  }

  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + (page === undefined ? 8 : PAGE * 8), 0);
  }

  /** Lets go of the pages in which no ref is alive. */
  prune(alive: (ref: number) => boolean): void {
    for (let index = 0; index < this.#pages.length; index++) {
      if (this.#pages[index] === undefined) continue;
      let ref = index * PAGE;
      const end = ref + PAGE;
      while (ref < end && !alive(ref)) ref++;
      if (ref === end) this.#pages[index] = undefined;
    }
  }

  get(ref: number): number {
    const page = this.#pages[ref >>> 12];
    return page === undefined ? this.#initial : (page[ref & (PAGE - 1)] as number);
  }

  set(ref: number, value: number): void {
    const index = ref >>> 12;
    while (this.#pages.length <= index) this.#pages.push(undefined);
    const page = (this.#pages[index] ??= new Float64Array(PAGE).fill(this.#initial));
    page[ref & (PAGE - 1)] = value;
  }
}
