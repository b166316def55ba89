import { batchBytes, type Spool, type SpooledBatch, type SpoolLoss } from './spool.ts';

export interface MemorySpoolOptions {
  /** Default 16 MiB: an hour of 300 series at one sample a second. */
  readonly bytesMax?: number | undefined;
}

const BYTES_MAX = 16 * 1024 * 1024;

/** A spool that ends with the process. */
export class MemorySpool implements Spool {
  readonly bytesMax: number;
  #epoch: number | undefined;
  #batches: SpooledBatch[] = [];
  /** Place of the oldest batch held in `#batches`; what stands before it is given up in bulk. */
  #start = 0;
  #lastSeq = 0;
  #bytes = 0;

  constructor(options: MemorySpoolOptions = {}) {
    this.bytesMax = options.bytesMax ?? BYTES_MAX;
  }

  open(): void {}

  get epoch(): number | undefined {
    return this.#epoch;
  }

  setEpoch(epoch: number): void {
    this.#epoch = epoch;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get batches(): number {
    return this.#batches.length - this.#start;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(batch: SpooledBatch): SpoolLoss {
    this.#lastSeq = batch.seq;
    this.#batches.push(batch);
    this.#bytes += batchBytes(batch);
    let batches = 0;
    let samples = 0;
    while (this.#bytes > this.bytesMax && this.batches > 0) {
      batches++;
      samples += this.#dropOldest();
    }
    return { batches, samples };
  }

  next(seq: number): SpooledBatch | undefined {
    const first = this.#batches[this.#start];
    // Seqs are consecutive in here, so a batch's place follows from its seq.
    return first && this.#batches[this.#start + Math.max(0, seq + 1 - first.seq)];
  }

  release(seq: number): void {
    while ((this.#batches[this.#start]?.seq ?? Infinity) <= seq) this.#dropOldest();
  }

  close(): void {
    this.#batches = [];
    this.#start = 0;
    this.#bytes = 0;
  }

  #dropOldest(): number {
    const batch = this.#batches[this.#start++] as SpooledBatch;
    this.#bytes -= batchBytes(batch);
    if (this.#start > 1_000 || this.#start === this.#batches.length) {
      this.#batches.splice(0, this.#start);
      this.#start = 0;
    }
    return batch.values.length;
  }
}
