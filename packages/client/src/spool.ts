/**
 * Where batches wait until the hub has acknowledged them. A spool is bounded: what no longer fits pushes
 * out the oldest, and the caller is told how much that was. Batches have consecutive seqs; the spool holds
 * a range of them.
 */
import type { SeriesDictionary } from './series-dictionary.ts';

export interface SpooledBatch {
  readonly seq: number;
  readonly timeMs: number;
  /** Indices into the dictionary; `values[i]` belongs to `refs[i]`. */
  readonly refs: readonly number[];
  readonly values: readonly number[];
}

export interface SpoolLoss {
  readonly batches: number;
  readonly samples: number;
}

export interface Spool {
  /**
   * Called once, before anything else. Restores into `dictionary` the series of batches kept from an
   * earlier run.
   */
  open(dictionary: SeriesDictionary): void;
  /** The publisher's epoch of the batches held; undefined until `setEpoch`. */
  readonly epoch: number | undefined;
  setEpoch(epoch: number): void;
  /** The oldest seq held; `lastSeq + 1` when nothing is held. */
  readonly firstSeq: number;
  /** The newest seq ever appended in this epoch; 0 when none was. */
  readonly lastSeq: number;
  readonly bytes: number;
  readonly bytesMax: number;
  /** Appends `lastSeq + 1`; returns what had to go. A batch larger than the whole spool is lost itself. */
  append(batch: SpooledBatch): SpoolLoss;
  /** Undefined for a seq that is not held, or can no longer be read. */
  read(seq: number): SpooledBatch | undefined;
  /** Everything up to `seq` is durable at the hub. */
  release(seq: number): void;
  close(): void;
}

export const NO_LOSS: SpoolLoss = { batches: 0, samples: 0 };

/** What a batch takes in memory, about. */
export function batchBytes(batch: SpooledBatch): number {
  return 64 + 16 * batch.refs.length;
}
