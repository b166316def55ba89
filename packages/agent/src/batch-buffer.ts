import type { Batch, SeriesDefinition } from './batch.ts';
import type { BatchWriter } from './series-group.ts';

/** Gathers one tick in arrays that stay; a batch gets copies of its own size, which it may give away. */
export class BatchBuffer implements BatchWriter {
  #refs: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  #values: Float64Array<ArrayBuffer> = new Float64Array(1024);
  #count = 0;
  #nextRef: number;
  #newSeries: SeriesDefinition[] = [];

  constructor(firstRef: number) {
    this.#nextRef = firstRef;
  }

  nextRef(): number {
    return this.#nextRef++;
  }

  define(definition: SeriesDefinition): void {
    this.#newSeries.push(definition);
  }

  write(ref: number, value: number): void {
    if (this.#count === this.#refs.length) this.#grow();
    this.#refs[this.#count] = ref;
    this.#values[this.#count] = value;
    this.#count++;
  }

  /** The batch gathered so far; the buffer is empty afterwards. */
  take(timeMs: number): Batch {
    const batch: Batch = {
      timeMs,
      newSeries: this.#newSeries,
      refs: this.#refs.slice(0, this.#count),
      values: this.#values.slice(0, this.#count),
    };
    this.#newSeries = [];
    this.#count = 0;
    return batch;
  }

  #grow(): void {
    const refs = new Uint32Array(this.#refs.length * 2);
    refs.set(this.#refs);
    const values = new Float64Array(refs.length);
    values.set(this.#values);
    this.#refs = refs;
    this.#values = values;
  }
}
