import { CodedError, type LabelSet, type SeriesRef } from '@nowcast/model';
import { LabelIndex } from '../index/label-index.ts';
import { RefTable } from './ref-table.ts';

/** The series in use: labels to ref and back, and when each was last used. */
export class SeriesTable {
  readonly index: LabelIndex = new LabelIndex();
  readonly #seriesMax: number;
  readonly #byKey = new Map<string, SeriesRef>();
  readonly #labels = new Map<SeriesRef, LabelSet>();
  readonly #usedMs = new RefTable(0);
  #nextRef = 0;
  #refused = 0;

  constructor(seriesMax: number) {
    this.#seriesMax = seriesMax;
  }

  get size(): number {
    return this.#labels.size;
  }

  /** Bytes of what is kept per ref beside labels; follows the series in use, not the ones there ever were. */
  get tableBytes(): number {
    return this.#usedMs.bytes;
  }

  get refused(): number {
    return this.#refused;
  }

  labels(ref: SeriesRef): LabelSet | undefined {
    return this.#labels.get(ref);
  }

  entries(): IterableIterator<[SeriesRef, LabelSet]> {
    return this.#labels.entries();
  }

  /** @throws {CodedError} `series-limit`; a replay after a restart goes past the limit, since it is data kept. */
  ref(labels: LabelSet, nowMs: number, limited: boolean): SeriesRef {
    const known = this.#byKey.get(labels.key);
    if (known !== undefined) {
      this.#usedMs.set(known, nowMs);
      return known;
    }
    if (limited && this.size >= this.#seriesMax) {
      this.#refused++;
      throw new CodedError(
        'series-limit',
        `the store holds ${this.#seriesMax} series, as many as it may; ${labels.toString()} was refused`,
        { details: { limit: this.#seriesMax } },
      );
    }
    const ref = this.#nextRef++;
    this.#byKey.set(labels.key, ref);
    this.#labels.set(ref, labels);
    this.#usedMs.set(ref, nowMs);
    this.index.add(ref, labels);
    return ref;
  }

  touch(ref: SeriesRef, nowMs: number): void {
    this.#usedMs.set(ref, nowMs);
  }

  /** @throws {CodedError} `series-expired` */
  assertKnown(refs: Uint32Array): void {
    for (const ref of refs)
      if (!this.#labels.has(ref))
        throw new CodedError('series-expired', `series ${ref} was idle for long and was given up`);
  }

  /**
   * Gives up the series last used before `sinceMs` for which `busy` is false; returns how many. Looks through
   * the table with pauses.
   */
  async expire(
    sinceMs: number,
    busy: (ref: SeriesRef) => boolean,
    pause: () => Promise<void> | undefined,
  ): Promise<number> {
    const idle = (ref: SeriesRef): boolean => this.#usedMs.get(ref) < sinceMs && !busy(ref);
    const candidates: SeriesRef[] = [];
    for (const ref of this.#labels.keys()) {
      if (idle(ref)) candidates.push(ref);
      const due = pause();
      if (due !== undefined) await due;
    }
    const gone = new Map<SeriesRef, LabelSet>();
    for (const ref of candidates) if (idle(ref)) gone.set(ref, this.#labels.get(ref) as LabelSet);
    if (gone.size === 0) return 0;
    for (const [ref, labels] of gone) {
      this.#labels.delete(ref);
      this.#byKey.delete(labels.key);
    }
    this.index.remove(gone.values(), (ref) => gone.has(ref));
    this.#usedMs.prune((ref) => this.#labels.has(ref));
    return gone.size;
  }
}
