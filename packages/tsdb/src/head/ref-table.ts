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
