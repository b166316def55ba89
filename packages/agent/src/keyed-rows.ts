/**
 * Finds what belongs to the key of a line without making a string of it. Kernel tables list the same
 * keys in the same order, so the n-th key is first compared with what the n-th key was last time; only
 * a changed table costs a look-up by text. Rows that have not been seen for a while are dropped.
 */
import type { ByteScanner } from './byte-scanner.ts';

interface Entry<Row> {
  readonly key: Uint8Array;
  readonly text: string;
  readonly row: Row;
  seenInPass: number;
}

export interface KeyedRowsOptions<Row> {
  /** Makes what belongs to a key seen for the first time. */
  readonly create: (key: string) => Row;
  /** Gives back what a row holds once its key is gone; without it rows are kept for good. */
  readonly drop?: ((row: Row) => void) | undefined;
  /** Keys beyond this are left out (`at` gives undefined). */
  readonly rowsMax?: number | undefined;
}

const ROWS_MAX = 4096;
const PASSES_UNSEEN_MAX = 120;

export class KeyedRows<Row> {
  readonly #options: KeyedRowsOptions<Row>;
  readonly #byText = new Map<string, Entry<Row>>();
  readonly #order: Entry<Row>[] = [];
  #index = 0;
  #pass = 1;

  constructor(options: KeyedRowsOptions<Row>) {
    this.#options = options;
  }

  get size(): number {
    return this.#byText.size;
  }

  /** Starts a pass over the table. */
  begin(): void {
    this.#index = 0;
    this.#pass++;
    if (this.#options.drop !== undefined && this.#pass % PASSES_UNSEEN_MAX === 0) this.#sweep();
  }

  /** What belongs to the scanner's last token. */
  at(scanner: ByteScanner): Row | undefined {
    const index = this.#index++;
    const expected = this.#order[index];
    if (expected !== undefined && scanner.tokenIs(expected.key)) {
      expected.seenInPass = this.#pass;
      return expected.row;
    }
    return this.#find(scanner.tokenText(), index)?.row;
  }

  #find(text: string, index: number): Entry<Row> | undefined {
    let entry = this.#byText.get(text);
    if (entry === undefined) {
      if (this.#byText.size >= (this.#options.rowsMax ?? ROWS_MAX)) return undefined;
      const row = this.#options.create(text);
      entry = { key: Buffer.from(text), text, row, seenInPass: this.#pass };
      this.#byText.set(text, entry);
    }
    entry.seenInPass = this.#pass;
    if (index <= this.#order.length) this.#order[index] = entry;
    return entry;
  }

  #sweep(): void {
    for (const [text, entry] of this.#byText) {
      if (this.#pass - entry.seenInPass < PASSES_UNSEEN_MAX) continue;
      this.#byText.delete(text);
      this.#options.drop?.(entry.row);
    }
    this.#order.length = 0;
  }
}
