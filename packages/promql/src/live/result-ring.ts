/**
 * The newest steps of a standing query's result, one row a step. Every change of a point gets the number of the
 * evaluation that made it, its version, so that whoever knows the result up to some version is brought up to date by the points
 * with a later one. A series keeps its ref for as long as the ring lives.
 */
import { type LabelSet, sameBits } from '@nowcast/model';

/** The result at one step. */
export interface ResultRow {
  readonly timeMs: number;
  /** By ref; a value counts where `present` is 1. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
  /** By ref: the version that changed the point last; 0 where there never was one. */
  readonly versions: Float64Array;
  /** The newest of `versions`. */
  readonly version: number;
}

/** One series' value at a step. */
export interface ResultPoint {
  readonly labels: LabelSet;
  readonly value: number;
}

interface Row extends ResultRow {
  values: Float64Array;
  present: Uint8Array;
  versions: Float64Array;
  version: number;
}

export class ResultRing {
  readonly #rowsMax: number;
  readonly #rows: Row[] = [];
  readonly #labels: LabelSet[] = [];
  readonly #refs = new Map<string, number>();
  #version = 0;
  /** By ref: the number of the last writing that had a point of it. */
  #written: Float64Array = new Float64Array(16);
  #writing = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  /** Oldest first, times rising. */
  get rows(): readonly ResultRow[] {
    return this.#rows;
  }

  get newest(): ResultRow | undefined {
    return this.#rows.at(-1);
  }

  /** How many refs have been given. */
  get size(): number {
    return this.#labels.length;
  }

  /** Rises with every evaluation that changed something. */
  get version(): number {
    return this.#version;
  }

  labelsOf(ref: number): LabelSet {
    return this.#labels[ref] as LabelSet;
  }

  /** Makes `points` the whole result at `timeMs`, which is one of the ring's steps or later than all of them. */
  write(timeMs: number, points: readonly ResultPoint[]): void {
    const refs = points.map(({ labels }) => this.refOf(labels));
    const row = this.#rowAt(timeMs);
    const version = this.#version + 1;
    const writing = ++this.#writing;
    for (const [at, { value }] of points.entries()) {
      const ref = refs[at] as number;
      this.#written[ref] = writing;
      if (row.present[ref] === 1 && sameBits(row.values[ref] as number, value)) continue;
      row.present[ref] = 1;
      row.values[ref] = value;
      row.versions[ref] = row.version = version;
    }
    for (let ref = 0; ref < row.present.length; ref++) {
      if (row.present[ref] === 0 || this.#written[ref] === writing) continue;
      row.present[ref] = 0;
      row.versions[ref] = row.version = version;
    }
    // A new step is a change, also one without a point.
    if (row.version === 0) row.version = version;
    if (row.version === version) this.#version = version;
  }

  /** Makes the result at `timeMs`, a new step, the same as at the newest one. */
  repeat(timeMs: number): void {
    const before = this.newest;
    const row = this.#rowAt(timeMs);
    if (before === undefined) return;
    row.values.set(before.values);
    row.present.set(before.present);
    row.version = ++this.#version;
    for (let ref = 0; ref < row.present.length; ref++)
      if (row.present[ref] === 1) row.versions[ref] = row.version;
  }

  #rowAt(timeMs: number): Row {
    let at = this.#rows.length - 1;
    while (at >= 0 && (this.#rows[at] as Row).timeMs > timeMs) at--;
    let row = this.#rows[at];
    if (row?.timeMs !== timeMs) {
      row = {
        timeMs,
        values: new Float64Array(this.size),
        present: new Uint8Array(this.size),
        versions: new Float64Array(this.size),
        version: 0,
      };
      this.#rows.splice(at + 1, 0, row);
      if (this.#rows.length > this.#rowsMax) this.#rows.shift();
    } else if (row.values.length < this.size) widen(row, this.size);
    return row;
  }

  /** The ref of a series, also of one without a point in the ring. */
  refOf(labels: LabelSet): number {
    const known = this.#refs.get(labels.key);
    if (known !== undefined) return known;
    const ref = this.#labels.length;
    this.#labels.push(labels);
    this.#refs.set(labels.key, ref);
    if (ref >= this.#written.length) {
      const written = new Float64Array(this.#written.length * 2);
      written.set(this.#written);
      this.#written = written;
    }
    return ref;
  }
}

function widen(row: Row, size: number): void {
  const { values, present, versions } = row;
  row.values = new Float64Array(size);
  row.values.set(values);
  row.present = new Uint8Array(size);
  row.present.set(present);
  row.versions = new Float64Array(size);
  row.versions.set(versions);
}
