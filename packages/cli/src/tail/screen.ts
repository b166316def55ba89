/**
 * A block of lines at the bottom of a terminal, drawn again in place. Invariant: what stood on the screen
 * before stays; on `close` the last drawing stays too, and the cursor is visible again.
 */
export interface TerminalStream {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const CLEAR_TO_END = '\u001B[0J';
const CLEAR_LINE_END = '\u001B[K';

export class Screen {
  readonly #stream: TerminalStream;
  #lines = 0;
  #open = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  /** Lines a drawing may have: one is left for the cursor. */
  get linesMax(): number {
    return Math.max(3, (this.#stream.rows ?? 24) - 1);
  }

  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, this.linesMax);
    const up = this.#lines === 0 ? '\r' : `\u001B[${this.#lines}F`;
    const body = shown.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
    this.#stream.write(`${this.#open ? '' : HIDE_CURSOR}${up}${body}${CLEAR_TO_END}`);
    this.#open = true;
    this.#lines = shown.length;
  }

  close(): void {
    if (this.#open) this.#stream.write(SHOW_CURSOR);
    this.#open = false;
  }
}
