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

  get firstSeq(): number {
    return this.#batches[this.#start]?.seq ?? this.#lastSeq + 1;
  }

  get lastSeq(): number {
    return this.#lastSeq;
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
    while (this.#bytes > this.bytesMax) {
      batches++;
      samples += this.#dropOldest();
    }
    return { batches, samples };
  }

  read(seq: number): SpooledBatch | undefined {
    return seq < this.firstSeq ? undefined : this.#batches[this.#start + seq - this.firstSeq];
  }

  release(seq: number): void {
    while (this.firstSeq <= seq && this.#start < this.#batches.length) this.#dropOldest();
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
