/**
 * The series of one collector as slots in typed arrays. A collector defines a slot once and sets it on
 * every pass; the group finds out what began and what ended: a slot that is set becomes a live series,
 * one that a pass leaves out ends with a staleness marker and may come back later as a new series.
 */
import {
  LabelSet,
  METRIC_NAME,
  STALE_NAN,
  type LabelRecord,
  type MetricType,
} from '@nowcast/model';
import type { SeriesDefinition } from './batch.ts';

export interface MetricSpec {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
}

export function gauge(name: string, help: string): MetricSpec {
  return { name, type: 'gauge', help };
}

export function counter(name: string, help: string): MetricSpec {
  return { name, type: 'counter', help };
}

/** Index of a series inside its group. */
export type Slot = number;

/** Collects the output of all groups of one tick. */
export interface BatchWriter {
  nextRef(): number;
  define(definition: SeriesDefinition): void;
  write(ref: number, value: number): void;
}

const NOT_LIVE = -1;

interface SlotInfo {
  readonly spec: MetricSpec;
  readonly labels: LabelSet;
}

export class SeriesGroup {
  readonly #external: LabelRecord;
  readonly #infos: (SlotInfo | undefined)[] = [];
  #values: Float64Array = new Float64Array(32);
  #setInPass: Uint32Array = new Uint32Array(32);
  #refs: Float64Array = new Float64Array(32).fill(NOT_LIVE);
  readonly #free: Slot[] = [];
  readonly #endedRefs: number[] = [];
  #pass = 1;
  #liveCount = 0;

  constructor(externalLabels: LabelRecord = {}) {
    this.#external = externalLabels;
  }

  /** How many series are alive since the last `emit`. */
  get liveCount(): number {
    return this.#liveCount;
  }

  define(spec: MetricSpec, labels: LabelRecord = {}): Slot {
    const slot = this.#free.pop() ?? this.#infos.length;
    if (slot >= this.#values.length) this.#grow();
    this.#infos[slot] = {
      spec,
      labels: LabelSet.from({ ...this.#external, ...labels, [METRIC_NAME]: spec.name }),
    };
    this.#refs[slot] = NOT_LIVE;
    this.#setInPass[slot] = 0;
    return slot;
  }

  /** The value of this pass. NaN is no value: it leaves the slot unset. */
  set(slot: Slot, value: number): void {
    if (Number.isNaN(value)) return;
    this.#values[slot] = value;
    this.#setInPass[slot] = this.#pass;
  }

  /** Ends the series, if alive, and gives the slot back for another one. */
  release(slot: Slot): void {
    const ref = this.#refs[slot] as number;
    if (ref !== NOT_LIVE) this.#endedRefs.push(ref);
    this.#refs[slot] = NOT_LIVE;
    this.#infos[slot] = undefined;
    this.#setInPass[slot] = 0;
    this.#free.push(slot);
  }

  /** Writes out this pass and starts the next: live slots, then markers for those that ended. */
  emit(writer: BatchWriter): void {
    for (const ref of this.#endedRefs) writer.write(ref, STALE_NAN);
    this.#endedRefs.length = 0;
    let live = 0;
    for (let slot = 0; slot < this.#infos.length; slot++) {
      const ref = this.#refs[slot] as number;
      if (this.#setInPass[slot] === this.#pass) {
        live++;
        writer.write(
          ref === NOT_LIVE ? this.#begin(slot, writer) : ref,
          this.#values[slot] as number,
        );
      } else if (ref !== NOT_LIVE) {
        writer.write(ref, STALE_NAN);
        this.#refs[slot] = NOT_LIVE;
      }
    }
    this.#liveCount = live;
    this.#pass++;
  }

  /** Forgets what a failed pass has set, so that `emit` ends every series of the group. */
  discardPass(): void {
    this.#pass++;
  }

  #begin(slot: Slot, writer: BatchWriter): number {
    const { spec, labels } = this.#infos[slot] as SlotInfo;
    const ref = writer.nextRef();
    this.#refs[slot] = ref;
    writer.define({ ref, labels, type: spec.type, help: spec.help, unit: unitOf(spec.name) });
    return ref;
  }

  #grow(): void {
    const size = this.#values.length * 2;
    const values = new Float64Array(size);
    values.set(this.#values);
    const setInPass = new Uint32Array(size);
    setInPass.set(this.#setInPass);
    const refs = new Float64Array(size).fill(NOT_LIVE);
    refs.set(this.#refs);
    this.#values = values;
    this.#setInPass = setInPass;
    this.#refs = refs;
  }
}

const UNITS = [
  'seconds',
  'bytes',
  'celsius',
  'hertz',
  'ratio',
  'volts',
  'amps',
  'watt',
  'joules',
  'rpm',
  'bits',
] as const;

/** The base unit that a metric's name states in its last or last but one (`_total`) part. */
export function unitOf(name: string): string {
  const parts = name.split('_');
  const last = parts.at(-1) === 'total' ? parts.at(-2) : parts.at(-1);
  return UNITS.find((unit) => unit === last) ?? '';
}
