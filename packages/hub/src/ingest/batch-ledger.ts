/**
 * Which batches have been taken: (source, epoch, seq) names a batch for ever, and one that comes again is
 * acknowledged and otherwise ignored. A gap in the numbers stays open, so that a batch that was overtaken by a
 * later one still counts. What is forgotten (a restart, too many sources) costs nothing but work: the store
 * tells equal samples apart by series and time.
 */
interface SourceState {
  epoch: number;
  /** Batches below were never seen here: before the first one heard of. */
  firstSeq: number;
  lastSeq: number;
  readonly missing: Set<number>;
}

export type BatchVerdict = 'new' | 'duplicate' | 'stale-epoch';

const SOURCES_MAX = 100_000;
const MISSING_MAX = 10_000;

export class BatchLedger {
  readonly #sources = new Map<string, SourceState>();

  /** Judges a batch and notes it as taken. */
  take(source: string, epoch: number, seq: number): BatchVerdict {
    const state = this.#sources.get(source);
    if (state === undefined || epoch > state.epoch) {
      this.#start(source, epoch, seq);
      return 'new';
    }
    if (epoch < state.epoch) return 'stale-epoch';
    if (seq > state.lastSeq) {
      for (let gap = state.lastSeq + 1; gap < seq && state.missing.size < MISSING_MAX; gap++)
        state.missing.add(gap);
      state.lastSeq = seq;
      return 'new';
    }
    if (seq < state.firstSeq || state.missing.delete(seq)) return 'new';
    return 'duplicate';
  }

  #start(source: string, epoch: number, seq: number): void {
    this.#sources.delete(source);
    if (this.#sources.size >= SOURCES_MAX) {
      const [oldest] = this.#sources.keys();
      this.#sources.delete(oldest as string);
    }
    this.#sources.set(source, { epoch, firstSeq: seq, lastSeq: seq, missing: new Set() });
  }
}
