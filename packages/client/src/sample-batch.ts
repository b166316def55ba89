/**
 * The samples of one `update`, decoded while they are read. Values that did not change are on the wire
 * only as ranges of refs; a reader sees a sample for each of them all the same, and one who wants changes
 * alone does not pay for the rest. Invariant: however often a batch is read, it gives the same samples;
 * after its subscription moved on it gives an error, never other numbers.
 */
import { CodedError } from '@nowcast/model';
import { fromWireValue, type UpdateGroup } from '@nowcast/protocol';
import type { LiveSeries, SeriesEntry } from './live-series.ts';

export type SampleVisitor = (
  series: LiveSeries,
  timeMs: number,
  value: number,
  changed: boolean,
) => void;

type EntryVisitor = (entry: SeriesEntry, timeMs: number, value: number, changed: boolean) => void;

/** Counts readings over all batches, so that a value left behind by another reading is never taken. */
let readings = 0;

export interface SampleBatch {
  /** True while the samples are history. */
  readonly history: boolean;
  /** Every sample, in order of time within a series; `changed` is false where the value is the one before. */
  forEach(visit: SampleVisitor): void;
  /** Only the samples whose value is new or changed. */
  forEachChanged(visit: SampleVisitor): void;
}

export class DecodedBatch implements SampleBatch {
  readonly history: boolean;
  readonly #groups: readonly UpdateGroup[];
  readonly #entries: ReadonlyMap<number, SeriesEntry>;
  #expired = false;

  constructor(
    groups: readonly UpdateGroup[],
    history: boolean,
    entries: ReadonlyMap<number, SeriesEntry>,
  ) {
    this.#groups = groups;
    this.history = history;
    this.#entries = entries;
  }

  forEach(visit: SampleVisitor): void {
    this.#read(true, visit);
  }

  forEachChanged(visit: SampleVisitor): void {
    this.#read(false, visit);
  }

  /** Writes the samples into the series; the batch cannot be read after that. */
  expire(): void {
    this.#read(true, (entry, timeMs, value) => {
      // A correction of an earlier step is not the newest sample.
      if (timeMs < entry.lastMs) return;
      entry.lastMs = timeMs;
      entry.lastValue = value;
    });
    this.#expired = true;
    for (const { refs } of this.#groups)
      for (const ref of refs) {
        const entry = this.#entries.get(ref);
        if (entry) entry.streamValue = entry.readingValue;
      }
  }

  #read(unchangedToo: boolean, visit: EntryVisitor): void {
    if (this.#expired)
      throw new CodedError(
        'batch-expired',
        'a sample batch was read after its subscription had moved on; read it before the next event',
      );
    const reading = ++readings;
    for (const group of this.#groups) {
      this.#readChanged(group, reading, visit);
      if (unchangedToo && group.same) this.#readSame(group.timeMs, group.same, reading, visit);
    }
  }

  #readChanged(group: UpdateGroup, reading: number, visit: EntryVisitor): void {
    const { refs, values, timeMs } = group;
    for (let at = 0; at < refs.length; at++) {
      const entry = this.#entries.get(refs[at] as number);
      if (!entry) continue;
      const value = fromWireValue(values[at] ?? 'NaN');
      entry.reading = reading;
      entry.readingValue = value;
      if (!entry.knows(timeMs, value)) visit(entry, timeMs, value, true);
    }
  }

  #readSame(timeMs: number, ranges: readonly number[], reading: number, visit: EntryVisitor): void {
    for (let at = 0; at + 1 < ranges.length; at += 2)
      for (let ref = ranges[at] as number; ref <= (ranges[at + 1] as number); ref++) {
        const entry = this.#entries.get(ref);
        if (!entry) continue;
        const value = entry.reading === reading ? entry.readingValue : entry.streamValue;
        if (!entry.knows(timeMs, value)) visit(entry, timeMs, value, false);
      }
  }
}
