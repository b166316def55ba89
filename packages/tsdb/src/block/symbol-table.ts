import { BitWriter } from '../codec/bit-writer.ts';
import { BitReader } from '../codec/bit-reader.ts';

/** The label names and values of a block, each once, numbered in the order of their first use. */
export class SymbolTable {
  readonly #ids = new Map<string, number>();

  id(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }

  encode(): Uint8Array {
    const writer = new BitWriter();
    writer.varint(this.#ids.size);
    for (const text of this.#ids.keys()) writer.text(text);
    return writer.view();
  }
}

export function decodeSymbols(bytes: Uint8Array): string[] {
  const reader = new BitReader(bytes);
  const symbols: string[] = [];
  for (let left = reader.varint(); left > 0 && !reader.done; left--) symbols.push(reader.text());
  return symbols;
}
