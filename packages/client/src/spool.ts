/**
 * Where batches wait until the hub has acknowledged them. A spool is bounded: what no longer fits pushes
 * out the oldest, and the caller is told how much that was. Seqs rise from batch to batch and are never
 * used twice in an epoch; there may be holes.
 */
import type { SeriesDictionary } from './series-dictionary.ts';

export interface SpooledBatch {
  readonly seq: number;
  readonly timeMs: number;
  /** Indices into the dictionary; `values[i]` belongs to `refs[i]`. */
  readonly refs: readonly number[];
  /** A typed array, because an array of numbers does not keep the bits of a staleness marker. */
  readonly values: Float64Array;
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
  /** The publisher's epoch, also of the batches held from an earlier run; undefined until `setEpoch`. */
  readonly epoch: number | undefined;
  setEpoch(epoch: number): void;
  /** The next batch's seq is this and one. */
  readonly lastSeq: number;
  /** How many batches are held. */
  readonly batches: number;
  readonly bytes: number;
  readonly bytesMax: number;
  /** Appends the batch `lastSeq + 1`; returns what had to go, which may be this very batch. */
  append(batch: SpooledBatch): SpoolLoss;
  /** The oldest batch held that comes after `seq`. */
  next(seq: number): SpooledBatch | undefined;
  /** Everything up to `seq` is durable at the hub. */
  release(seq: number): void;
  close(): void;
}

export const NO_LOSS: SpoolLoss = { batches: 0, samples: 0 };

/** What a batch takes in memory, about. */
export function batchBytes(batch: SpooledBatch): number {
  return 64 + 16 * batch.refs.length;
}
