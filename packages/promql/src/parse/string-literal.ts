/**
 * Go's string literals, which PromQL uses: "…" and '…' with escapes, `…` raw. Escapes may spell bytes
 * (\xff, \377); what they add up to is read as UTF-8.
 */
const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};

const NUMERIC = /^(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;

export interface BadLiteral {
  readonly reason: string;
  /** Where in the literal, in UTF-16 code units. */
  readonly at: number;
}

/** The text a literal stands for, or why it is none. */
export function unquote(literal: string): string | BadLiteral {
  const quote = literal[0] as string;
  if (literal.length < 2 || !literal.endsWith(quote)) return unterminated(quote);
  const body = literal.slice(1, -1);
  if (quote === '`') return body;
  if (!body.includes('\\')) return body;
  return unescape(body, quote);
}

function unescape(body: string, quote: string): string | BadLiteral {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let plainFrom = 0;
  for (let at = body.indexOf('\\'); at >= 0; at = body.indexOf('\\', plainFrom)) {
    bytes.push(...encoder.encode(body.slice(plainFrom, at)));
    const escape = readEscape(body.slice(at + 1, at + 10), quote);
    if (escape === undefined)
      return at + 1 >= body.length
        ? unterminated(quote)
        : { reason: `unknown escape sequence U+${codePoint(body, at + 1)}`, at: at + 2 };
    bytes.push(...escape.bytes);
    plainFrom = at + 1 + escape.length;
  }
  bytes.push(...encoder.encode(body.slice(plainFrom)));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function readEscape(
  text: string,
  quote: string,
): { bytes: readonly number[]; length: number } | undefined {
  const first = text[0] ?? '';
  const simple = SIMPLE[first];
  if (simple !== undefined)
    return (first === '"' || first === "'") && first !== quote
      ? undefined
      : { bytes: [simple], length: 1 };
  const parts = NUMERIC.exec(text);
  if (!parts) return undefined;
  const [whole, hex, octal, short, long] = parts;
  if (hex !== undefined) return { bytes: [Number.parseInt(hex, 16)], length: whole.length };
  if (octal !== undefined)
    return { bytes: [Number.parseInt(octal, 8) & 255], length: whole.length };
  const code = Number.parseInt((short ?? long) as string, 16);
  if (code > 0x10ffff) return undefined;
  const bytes = [...new TextEncoder().encode(String.fromCodePoint(code))];
  return { bytes, length: whole.length };
}

function unterminated(quote: string): BadLiteral {
  return {
    reason: quote === '`' ? 'unterminated raw string' : 'unterminated quoted string',
    at: 0,
  };
}

function codePoint(text: string, at: number): string {
  const code = (text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, '0');
  return `${code} '${String.fromCodePoint(text.codePointAt(at) as number)}'`;
}
