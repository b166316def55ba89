/** Reads bodies of updates; what it remembers between them is what `body-encoder.ts` remembers. */
import type { Update, UpdateGroup } from '../messages/update.ts';
import { badBinary, type ByteReader } from './byte-reader.ts';
import { readGroup, type Bases } from './group-decoder.ts';
import { HAS_HISTORY, HAS_LEAVERS, HAS_SERIES, STARTS_ANEW } from './message-form.ts';
import { readSet } from './ref-set.ts';
import { readSeries } from './series-table.ts';
import { readWhole } from './value-decoder.ts';
import { NO_BASE } from './value-form.ts';

export class BodyDecoder {
  readonly #bases: Bases = new Map();
  baseMs = 0;

  /** Reads the body that the rest of the message is. */
  decode(reader: ByteReader, flags: number): Omit<Update, 'type' | 'id' | 'seq'> {
    const bases = this.#bases;
    if (flags & STARTS_ANEW) this.#forgetAll();
    const add = flags & HAS_SERIES ? readSeries(reader) : [];
    for (const { ref } of add) bases.set(ref, { kind: NO_BASE, number: 0 });
    const leaving = flags & HAS_LEAVERS ? readSet(reader, 0) : [];
    const groups: UpdateGroup[] = [];
    const cursor = { timeMs: this.baseMs, next: 0, samples: 0 };
    while (reader.left > 0) groups.push(readGroup(reader, cursor, bases));
    this.baseMs = cursor.timeMs;
    const remove = this.#leave(leaving);
    return {
      ...(flags & HAS_HISTORY && { history: true }),
      ...(add.length > 0 && { add }),
      groups,
      ...(remove.length > 0 && { remove }),
    };
  }

  /** Takes over the state of another body encoder. */
  readBases(reader: ByteReader): void {
    this.#forgetAll();
    let next = 0;
    for (let count = reader.count(); count > 0; count--) {
      const ref = next + reader.varint();
      next = ref + 1;
      readWhole(reader, this.#bases.get(ref) ?? { kind: NO_BASE, number: 0 });
    }
  }

  #forgetAll(): void {
    for (const base of this.#bases.values()) base.kind = NO_BASE;
  }

  #leave(runs: readonly number[]): readonly number[] {
    const remove: number[] = [];
    for (let at = 0; at < runs.length; at += 2)
      for (let ref = runs[at] as number; ref <= (runs[at + 1] as number); ref++) {
        if (!this.#bases.delete(ref)) throw badBinary(`ref ${ref} was not defined`);
        remove.push(ref);
      }
    return remove;
  }
}
