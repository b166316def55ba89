/**
 * Reads the kernel's text files without making strings: a cursor over bytes that yields numbers and
 * token positions. It never throws; what is not a number reads as NaN, and the cursor always moves on,
 * so that garbage ends in missing values and not in a loop.
 */
const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const LOWER_X = 120;
/** Up to so many digits a sum in doubles is exact. */
const EXACT_DIGITS = 15;

export class ByteScanner {
  #bytes: Buffer;
  #position = 0;
  #end = 0;
  /** Where the last token begins and ends (exclusive). */
  tokenStart = 0;
  tokenEnd = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get position(): number {
    return this.#position;
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#end;
  }

  get atEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** Starts over on the first `length` bytes of `bytes`. */
  reset(bytes: Buffer, length: number): void {
    this.#bytes = bytes;
    this.#position = 0;
    this.#end = length;
    this.tokenStart = 0;
    this.tokenEnd = 0;
  }

  /** Moves to the start of the next line. */
  nextLine(): void {
    const at = this.#bytes.indexOf(NEWLINE, this.#position);
    this.#position = at < 0 || at >= this.#end ? this.#end : at + 1;
  }

  /** Where the current line ends: at its newline or at the end. */
  lineEnd(): number {
    const at = this.#bytes.indexOf(NEWLINE, this.#position);
    return at < 0 || at > this.#end ? this.#end : at;
  }

  /** Finds the next token of this line, ended by a blank or by `stop` (which is skipped). */
  token(stop: number = SPACE): boolean {
    this.#skipBlanks();
    const bytes = this.#bytes;
    const start = this.#position;
    let at = start;
    while (at < this.#end) {
      const byte = bytes[at] as number;
      if (byte === SPACE || byte === NEWLINE || byte === TAB || byte === stop) break;
      at++;
    }
    this.tokenStart = start;
    this.tokenEnd = at;
    this.#position = at < this.#end && bytes[at] === stop ? at + 1 : at;
    return at > start;
  }

  skipTokens(count: number): void {
    for (let left = count; left > 0; left--) this.token();
  }

  /** The next token as a number (decimal, or hexadecimal after `0x`); NaN when it is none. */
  number(): number {
    this.#skipBlanks();
    const bytes = this.#bytes;
    const start = this.#position;
    let at = start;
    const negative = at < this.#end && bytes[at] === MINUS;
    if (negative) at++;
    let sum = 0;
    let digits = 0;
    let decimals = 0;
    let seenDot = false;
    for (; at < this.#end; at++) {
      const byte = bytes[at] as number;
      if (byte >= ZERO && byte <= NINE) {
        sum = sum * 10 + (byte - ZERO);
        digits++;
        if (seenDot) decimals++;
      } else if (byte === DOT && !seenDot) seenDot = true;
      else break;
    }
    this.#position = at;
    if (digits === 1 && sum === 0 && at < this.#end && bytes[at] === LOWER_X) {
      this.#position = at + 1;
      return this.hex();
    }
    if (!this.#endsToken(at) || digits === 0) return this.#notNumber();
    if (digits > EXACT_DIGITS) return Number(this.text(start, at));
    const value = decimals === 0 ? sum : sum / 10 ** decimals;
    return negative ? -value : value;
  }

  /** The next run of hexadecimal digits; ends at the first other byte, which is left in place. */
  hex(): number {
    this.#skipBlanks();
    const bytes = this.#bytes;
    let sum = 0;
    const start = this.#position;
    let at = start;
    for (; at < this.#end; at++) {
      const digit = hexDigit(bytes[at] as number);
      if (digit < 0) break;
      sum = sum * 16 + digit;
    }
    this.#position = at;
    return at === start ? this.#notNumber() : sum;
  }

  /** True when the bytes of the last token are those of `key`. */
  tokenIs(key: Uint8Array): boolean {
    if (this.tokenEnd - this.tokenStart !== key.length) return false;
    const bytes = this.#bytes;
    const start = this.tokenStart;
    for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key[at]) return false;
    return true;
  }

  tokenText(): string {
    return this.text(this.tokenStart, this.tokenEnd);
  }

  text(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }

  /** Skips single bytes such as the `:` inside `0A000001:0050`. */
  skipByte(): void {
    if (this.#position < this.#end) this.#position++;
  }

  moveTo(position: number): void {
    this.#position = Math.min(position, this.#end);
  }

  #skipBlanks(): void {
    const bytes = this.#bytes;
    let at = this.#position;
    while (at < this.#end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    this.#position = at;
  }

  #endsToken(at: number): boolean {
    if (at >= this.#end) return true;
    const byte = this.#bytes[at];
    return byte === SPACE || byte === NEWLINE || byte === TAB;
  }

  #notNumber(): number {
    this.token();
    return NaN;
  }
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  // Upper and lower case differ in one bit.
  const lower = byte | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
