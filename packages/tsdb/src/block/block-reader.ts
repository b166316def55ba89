import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CodedError } from '@nowcast/model';
import { BitReader } from '../codec/bit-reader.ts';
import { decodeTimes } from '../codec/time-codec.ts';
import { decodeValues } from '../codec/value-decoder.ts';
import {
  checksum,
  CHECKSUM_SIZE,
  CHUNK_MAX,
  decodeFooter,
  FOOTER_SIZE,
  HEADER_SIZE,
  type BlockFooter,
  type Section,
} from './block-format.ts';
import { AGGREGATES, lazyRollup, type Aggregate, type Rollup } from '../rollup/rollup.ts';
import { BlockIndex, type ChunkPlace } from './block-index.ts';
import { EMPTY_RUN, lowerBound, upperBound, type SampleRun } from './sample-run.ts';
import { decodeSymbols } from './symbol-table.ts';

/** Decoders look a few bytes ahead. */
const SLACK = 8;
const COLUMNS_CACHED_MAX = 256;
/** Neighbouring chunks of a series are read in one go up to this size. */
const SPAN_MAX = 4 << 20;

/** A chunk and which of its column's times are asked for. */
interface Part {
  readonly place: ChunkPlace;
  readonly times: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** A chunk after its check: how many samples it holds, between which times, and what is wrong with it. */
export interface ChunkCheck {
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly problem: string | undefined;
}

export type OnDamage = (message: string) => void;

/**
 * Reads a block file. Every byte that is used has passed its checksum; a chunk that does not is reported to
 * `onDamage` and left out, and the rest of the block stays readable. Never writes.
 */
export class BlockReader {
  readonly path: string;
  readonly footer: BlockFooter;
  readonly #fd: number;
  readonly #onDamage: OnDamage;
  readonly #columns = new Map<number, Float64Array>();
  #damaged = 0;
  #index: BlockIndex | undefined;
  #joined: { readonly key: string; readonly times: Float64Array } | undefined;

  /** @throws {CodedError} `store-unreadable`, `store-too-new` */
  constructor(path: string, onDamage: OnDamage) {
    this.path = path;
    this.#onDamage = (message) => {
      this.#damaged++;
      onDamage(message);
    };
    this.#fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(this.#fd);
      const footerAt = Math.max(HEADER_SIZE, size - FOOTER_SIZE);
      this.footer = decodeFooter(
        path,
        this.#read(0, HEADER_SIZE),
        this.#read(footerAt, Math.max(0, size - footerAt)).subarray(0, FOOTER_SIZE),
      );
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Loaded on first use. @throws {CodedError} `store-unreadable` when a part of it fails its checksum */
  get index(): BlockIndex {
    this.#index ??= new BlockIndex(this.footer.series, {
      columns: this.footer.resolutionMs === 0 ? 1 : AGGREGATES.length,
      symbols: decodeSymbols(this.#section(this.footer.symbols)),
      labels: this.#section(this.footer.labels),
      chunks: this.#section(this.footer.chunks),
      times: this.#section(this.footer.times),
    });
    return this.#index;
  }

  get indexLoaded(): boolean {
    return this.#index !== undefined;
  }

  /** Gives back the memory of the index and of decoded times. */
  unload(): void {
    this.#index = undefined;
    this.#columns.clear();
    this.#joined = undefined;
  }

  /** How many samples of a series lie in the range; decodes at most the times at its ends. */
  count(series: number, startMs: number, endMs: number): number {
    let sum = 0;
    for (const place of this.index.chunks(series)) {
      const times = this.#cut(place, startMs, endMs);
      sum += times === undefined ? 0 : times.to - times.from;
    }
    return sum;
  }

  /** Samples of a series from `startMs` to `endMs`, both inclusive. Times may be shared between calls. */
  read(series: number, startMs: number, endMs: number): SampleRun {
    return this.#readColumn({ series, column: 0 }, startMs, endMs);
  }

  /**
   * Windows of a series in a rollup whose last sample lies in the range. A column is read when it is used.
   * @throws {CodedError} `store-unreadable`, here or then, when a part of it is damaged
   */
  readRollup(series: number, startMs: number, endMs: number): Rollup {
    const read = (name: Aggregate): SampleRun => {
      const before = this.#damaged;
      const run = this.#readColumn({ series, column: AGGREGATES.indexOf(name) }, startMs, endMs);
      if (this.#damaged === before) return run;
      throw new CodedError('store-unreadable', `${this.path}: the ${name} of a rollup is damaged`);
    };
    return lazyRollup(read('last').times, (name) => read(name).values);
  }

  #readColumn(
    list: { readonly series: number; readonly column: number },
    startMs: number,
    endMs: number,
  ): SampleRun {
    let parts: Part[] = [];
    for (const place of this.index.chunks(list.series, list.column)) {
      const cut = this.#cut(place, startMs, endMs);
      if (cut !== undefined) parts.push({ place, ...cut });
    }
    for (;;) {
      const [first] = parts;
      if (first === undefined) return EMPTY_RUN;
      const values = new Float64Array(parts.reduce((sum, { place }) => sum + place.count, 0));
      const good = this.#decodeParts(parts, values);
      if (good.length === parts.length) {
        const times = this.#join(parts);
        // Only the first and the last chunk can stick out of the range.
        const skip = first.from - first.place.from;
        return { times, values: values.subarray(skip, skip + times.length) };
      }
      parts = good;
    }
  }

  /** Checks every chunk of a series with its times. */
  *check(series: number): IterableIterator<ChunkCheck> {
    const lists = this.footer.resolutionMs === 0 ? 1 : AGGREGATES.length;
    for (let list = 0; list < lists; list++)
      for (const place of this.index.chunks(series, list)) {
        const column = this.index.columns[place.column];
        const [minMs, maxMs] = [column?.minMs ?? NaN, column?.maxMs ?? NaN];
        yield { count: place.count, minMs, maxMs, problem: this.#problemOf(place) };
      }
  }

  #problemOf(place: ChunkPlace): string | undefined {
    if (this.#times(place.column) === undefined) return 'a time column is damaged';
    const payload = this.#payload(place);
    if (payload === undefined) return `the checksum of the chunk at ${place.offset} is wrong`;
    const into = { values: new Float64Array(place.count), at: 0 };
    if (this.#decode(place, payload, into)) return undefined;
    return `the chunk at ${place.offset} makes no sense`;
  }

  /** Decodes chunks one after the other into `values`; returns the ones that were sound. */
  #decodeParts(parts: readonly Part[], values: Float64Array): Part[] {
    const payloadOf = this.#span(parts.map(({ place }) => place));
    let at = 0;
    return parts.filter(({ place }) => {
      const payload = payloadOf(place);
      const sound = payload !== undefined && this.#decode(place, payload, { values, at });
      at += place.count;
      return sound;
    });
  }

  #decode(
    place: ChunkPlace,
    payload: Uint8Array,
    into: { readonly values: Float64Array; readonly at: number },
  ): boolean {
    try {
      decodeValues(new BitReader(payload, 0, place.length), into.values, into.at, place.count);
      return true;
    } catch (cause) {
      this.#onDamage(`${this.path}: chunk at ${place.offset}: ${String(cause)}`);
      return false;
    }
  }

  /** The times of several chunks in one array, the same one for series that were sampled together. */
  #join(parts: readonly Part[]): Float64Array {
    const key = parts.map(({ place, from, to }) => `${place.column}:${from}-${to}`).join();
    if (this.#joined?.key !== key) {
      const cuts = parts.map(({ times, from, to }) => times.subarray(from, to));
      this.#joined = { key, times: cuts.length === 1 ? (cuts[0] as Float64Array) : concat(cuts) };
    }
    return this.#joined.times;
  }

  /** Which part of a chunk's column lies in the range; undefined when none does. */
  #cut(
    place: ChunkPlace,
    startMs: number,
    endMs: number,
  ): { times: Float64Array; from: number; to: number } | undefined {
    const column = this.index.columns[place.column];
    if (column === undefined || column.maxMs < startMs || column.minMs > endMs) return undefined;
    const times = this.#times(place.column);
    if (times === undefined || times.length < place.from + place.count) return undefined;
    let from = place.from;
    let to = place.from + place.count;
    if ((times[from] as number) < startMs) from += lowerBound(times.subarray(from, to), startMs);
    if ((times[to - 1] as number) > endMs) to = from + upperBound(times.subarray(from, to), endMs);
    return from < to ? { times, from, to } : undefined;
  }

  #times(column: number): Float64Array | undefined {
    const known = this.#columns.get(column);
    if (known !== undefined) return known;
    const place = this.index.columns[column];
    if (place === undefined || place.count > CHUNK_MAX) return undefined;
    const payload = this.#payload(place);
    if (payload === undefined) return undefined;
    const times = decodeTimes(new BitReader(payload, 0, place.length), place.count);
    if (this.#columns.size >= COLUMNS_CACHED_MAX) this.#columns.clear();
    this.#columns.set(column, times);
    return times;
  }

  /** Reads chunks that lie close together at once; the returned function gives each payload. */
  #span(places: readonly ChunkPlace[]): (place: ChunkPlace) => Uint8Array | undefined {
    const start = Math.min(...places.map(({ offset }) => offset));
    const end = Math.max(...places.map(({ offset, length }) => offset + length + CHECKSUM_SIZE));
    const wanted = places.reduce((sum, { length }) => sum + length + CHECKSUM_SIZE, 0);
    if (end - start > SPAN_MAX || end - start > wanted * 2 + 65_536)
      return (place) => this.#payload(place);
    const bytes = this.#read(start, end - start);
    return (place) => this.#checked(place, bytes.subarray(place.offset - start));
  }

  #payload(place: { readonly offset: number; readonly length: number }): Uint8Array | undefined {
    return this.#checked(place, this.#read(place.offset, place.length + CHECKSUM_SIZE));
  }

  #checked(
    place: { readonly offset: number; readonly length: number },
    bytes: Uint8Array,
  ): Uint8Array | undefined {
    const { length } = place;
    const expected = new BitReader(bytes, length).word();
    if (checksum(bytes.subarray(0, length)) === expected) return bytes;
    this.#onDamage(`${this.path}: the checksum of the chunk at ${place.offset} is wrong`);
    return undefined;
  }

  #section(section: Section): Uint8Array {
    const bytes = this.#read(section.offset, section.length).subarray(0, section.length);
    if (checksum(bytes) !== section.checksum)
      throw new CodedError('store-unreadable', `${this.path}: its index is damaged`);
    return bytes;
  }

  /** `length` bytes and some zeros behind them. */
  #read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length + SLACK);
    let done = 0;
    while (done < length) {
      const got = readSync(this.#fd, bytes, done, length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return bytes;
  }
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
