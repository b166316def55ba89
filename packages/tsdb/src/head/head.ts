import type { AppendOutcome, SeriesRef } from '@nowcast/model';
import { mergeRuns, type SampleRun } from '../block/sample-run.ts';
import { addCounts, Generation } from './generation.ts';
import type { Shape } from './shape.ts';

/** Shared time columns of one read, per generation. */
export type SharedTimes = Map<Shape, { from: number; to: number; times: Float64Array }>;

export type Outcome = { -readonly [Name in keyof AppendOutcome]: number };

export interface HeadListener {
  /** A batch of a shape not seen in this generation; throwing refuses it. */
  newShape(refs: Uint32Array): void;
  row(shape: number, timeMs: number, values: Float64Array): void;
}

/**
 * The samples in memory: the generation that takes new ones, and the one before it while it is being sealed.
 * Between a freeze and `drop` a sample may be in a block too; readers take the head's as the newer one.
 */
export class Head {
  #current = new Generation();
  #frozen: Generation | undefined;

  get current(): Generation {
    return this.#current;
  }

  get frozen(): Generation | undefined {
    return this.#frozen;
  }

  get samples(): number {
    return this.#current.samples + (this.#frozen?.samples ?? 0);
  }

  get bytes(): number {
    return this.#current.bytes + (this.#frozen?.bytes ?? 0);
  }

  /** Oldest first. */
  generations(): readonly Generation[] {
    return this.#frozen === undefined ? [this.#current] : [this.#frozen, this.#current];
  }

  holds(ref: SeriesRef): boolean {
    return this.#current.has(ref) || this.#frozen?.has(ref) === true;
  }

  freeze(): Generation {
    const frozen = this.#current;
    this.#frozen = frozen;
    this.#current = new Generation();
    return frozen;
  }

  /** The frozen generation is in blocks now. */
  drop(): void {
    this.#frozen = undefined;
  }

  /** Appends one batch; `heard` learns of a shape before it is made and of each row as it is stored. */
  append(timeMs: number, refs: Uint32Array, values: Float64Array, heard: HeadListener): Outcome {
    const outcome = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
    let shape = this.#current.find(refs);
    if (shape < 0) {
      heard.newShape(refs);
      shape = this.#current.define(refs, this.#frozen);
    }
    if (shape >= 0) {
      addCounts(outcome, this.#current.append(shape, timeMs, values, this.#frozen));
      heard.row(shape, timeMs, values);
      return outcome;
    }
    for (let at = 0; at < refs.length; at++) {
      const alone = refs.subarray(at, at + 1);
      const found = this.#current.find(alone);
      const one = found >= 0 ? found : this.#current.define(alone, this.#frozen);
      const value = values.subarray(at, at + 1);
      addCounts(outcome, this.#current.append(one, timeMs, value, this.#frozen));
      heard.row(one, timeMs, value);
    }
    return outcome;
  }
}

/** Samples of a series out of several generations, the newest last. */
export function readGenerations(
  generations: readonly Generation[],
  ref: SeriesRef,
  range: { readonly startMs: number; readonly endMs: number },
  shared: readonly SharedTimes[],
): SampleRun {
  return mergeRuns(
    generations.map((generation, at) => generation.read(ref, range, shared[at] as SharedTimes)),
  );
}
