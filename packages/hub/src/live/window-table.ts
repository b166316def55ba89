/**
 * The sample windows that standing queries read, one a series however many read it, and the way of an arriving sample
 * to them. A series nobody reads costs one look per sample. Which readers a series has is worked out again only
 * when a query has come or gone since.
 */
import type { LabelSet, Matcher, SeriesData, SeriesRef } from '@nowcast/model';
import { SampleWindow } from '@nowcast/promql';
import { SelectorIndex } from './selector-index.ts';

/** A standing query, as its samples come to it. */
export interface WindowReader {
  readonly selectors: readonly (readonly Matcher[])[];
  /** Samples before this are not needed any more. */
  horizonMs(): number;
  join(place: number, window: SampleWindow): void;
  arrived(timeMs: number): void;
  /** Windows may have become empty. */
  prune(): void;
}

/** One selector of a reader. */
interface Place {
  readonly reader: WindowReader;
  readonly at: number;
}

interface Entry {
  readonly window: SampleWindow;
  readonly places: Set<Place>;
}

interface Route {
  readonly generation: number;
  /** Undefined: nobody reads the series. */
  readonly entry: Entry | undefined;
  readonly readers: readonly WindowReader[];
}

export class WindowTable {
  readonly #labelsOf: (ref: SeriesRef) => LabelSet | undefined;
  readonly #index = new SelectorIndex<Place>();
  readonly #places = new Map<WindowReader, readonly Place[]>();
  readonly #entries = new Map<string, Entry>();
  readonly #routes: (Route | undefined)[] = [];
  #generation = 0;
  #samples = 0;

  constructor(labelsOf: (ref: SeriesRef) => LabelSet | undefined) {
    this.#labelsOf = labelsOf;
  }

  /** Samples in all windows. */
  get samples(): number {
    return this.#samples;
  }

  /** Series with a window. */
  get size(): number {
    return this.#entries.size;
  }

  /** From now on `reader` hears of the samples that meet its selectors. */
  attach(reader: WindowReader): void {
    this.#generation++;
    const places = reader.selectors.map((_, at): Place => ({ reader, at }));
    this.#places.set(reader, places);
    for (const place of places) this.#index.add(reader.selectors[place.at] ?? [], place);
  }

  detach(reader: WindowReader): void {
    this.#generation++;
    const places = this.#places.get(reader) ?? [];
    this.#places.delete(reader);
    for (const place of places) this.#index.delete(reader.selectors[place.at] ?? [], place);
    for (const [key, { window, places: users }] of this.#entries) {
      for (const place of places) users.delete(place);
      if (users.size > 0) continue;
      this.#samples -= window.size;
      this.#entries.delete(key);
    }
  }

  /** Adds what the store has for the selector at `at`. */
  fill(reader: WindowReader, at: number, series: readonly SeriesData[]): void {
    const place = this.#places.get(reader)?.[at];
    if (place === undefined) return;
    for (const one of series) {
      const entry = this.#entryOf(one.labels);
      this.#samples += entry.window.fill(one);
      this.#join(entry, place);
    }
  }

  take(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void {
    if (this.#places.size === 0) return;
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as SeriesRef;
      let route = this.#routes[ref];
      if (route?.generation !== this.#generation) route = this.#resolve(ref);
      if (route.entry === undefined) continue;
      this.#samples += route.entry.window.put(timeMs, values[at] as number);
      for (const reader of route.readers) reader.arrived(timeMs);
    }
  }

  /** Lets go of samples that no reader needs any more. */
  sweep(): void {
    const horizons = new Map<WindowReader, number>();
    for (const reader of this.#places.keys()) horizons.set(reader, reader.horizonMs());
    let isEmptied = false;
    for (const [key, { window, places }] of this.#entries) {
      let horizonMs = Infinity;
      for (const { reader } of places)
        horizonMs = Math.min(horizonMs, horizons.get(reader) as number);
      this.#samples -= window.dropBefore(horizonMs);
      if (window.size > 0) continue;
      this.#entries.delete(key);
      isEmptied = true;
    }
    if (!isEmptied) return;
    this.#generation++;
    for (const reader of this.#places.keys()) reader.prune();
  }

  #resolve(ref: SeriesRef): Route {
    const labels = this.#labelsOf(ref);
    const places = labels === undefined ? [] : this.#index.find(labels);
    let entry: Entry | undefined;
    if (labels !== undefined && places.length > 0) {
      entry = this.#entryOf(labels);
      for (const place of places) this.#join(entry, place);
    }
    const readers = [...new Set(places.map(({ reader }) => reader))];
    const route = { generation: this.#generation, entry, readers };
    this.#routes[ref] = route;
    return route;
  }

  #entryOf(labels: LabelSet): Entry {
    let entry = this.#entries.get(labels.key);
    if (entry === undefined) {
      entry = { window: new SampleWindow(labels), places: new Set() };
      this.#entries.set(labels.key, entry);
    }
    return entry;
  }

  #join({ window, places }: Entry, place: Place): void {
    if (places.has(place)) return;
    places.add(place);
    place.reader.join(place.at, window);
  }
}
