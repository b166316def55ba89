/**
 * Writes bodies of updates, one after the other, each against the state the one before left. Equal to the reader's state
 * after the same bodies: that is what makes a difference of values readable.
 */
import type { SeriesDefinition } from '../fields/series.ts';
import { ByteWriter } from './byte-writer.ts';
import { writeGroup, type SampleGroup } from './group-encoder.ts';
import { HAS_HISTORY, HAS_LEAVERS, HAS_SERIES, STARTS_ANEW } from './message-form.ts';
import { toRuns, writeSet } from './ref-set.ts';
import { writeSeries } from './series-table.ts';
import { ValueEncoder } from './value-encoder.ts';

/** What an update says. Whoever is in `remove` leaves after the samples. */
export interface UpdateParts {
  readonly history?: boolean | undefined;
  readonly add: readonly SeriesDefinition[];
  readonly groups: readonly SampleGroup[];
  readonly remove: readonly number[];
}

export interface BinaryBody {
  readonly flags: number;
  /** Time that the first group counts from. */
  readonly baseMs: number;
  readonly bytes: Uint8Array;
}

export class BodyEncoder {
  readonly #out = new ByteWriter();
  readonly #values = new ValueEncoder();
  #baseMs: number;
  #isNew = true;

  /** @param baseMs any time near those that follow. */
  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** Time of the last group. */
  get baseMs(): number {
    return this.#baseMs;
  }

  encode({ history, add, groups, remove }: UpdateParts): BinaryBody {
    const out = this.#out;
    const baseMs = this.#baseMs;
    let flags = history === true ? HAS_HISTORY : 0;
    if (this.#isNew) flags |= STARTS_ANEW;
    this.#isNew = false;
    if (add.length > 0) {
      flags |= HAS_SERIES;
      writeSeries(out, add);
      for (const { ref } of add) this.#values.forget(ref);
    }
    if (remove.length > 0) {
      flags |= HAS_LEAVERS;
      writeSet(out, toRuns(remove.toSorted((a, b) => a - b)), 0);
    }
    const cursor = { timeMs: baseMs, next: 0, samples: 0 };
    for (const group of groups) writeGroup(out, group, cursor, this.#values);
    this.#baseMs = cursor.timeMs;
    for (const ref of remove) this.#values.forget(ref);
    return { flags, baseMs, bytes: out.take() };
  }

  /** The bases of all series, for a reader that has not read what was encoded before. */
  encodeBases(): Uint8Array {
    const out = this.#out;
    const refs = [...this.#values.based()];
    out.varint(refs.length);
    let next = 0;
    for (const ref of refs) {
      out.varint(ref - next);
      next = ref + 1;
      this.#values.writeBase(out, ref);
    }
    return out.take();
  }
}
