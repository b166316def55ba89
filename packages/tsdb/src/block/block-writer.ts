import { BitWriter } from '../codec/bit-writer.ts';
import { ValueEncoder } from '../codec/value-encoder.ts';
import {
  checksum,
  CHECKSUM_SIZE,
  CHUNK_MAX,
  CHUNK_WINDOW_MS,
  encodeFooter,
  encodeHeader,
  type Section,
} from './block-format.ts';
import { FileWriter } from './file-writer.ts';
import { SymbolTable } from './symbol-table.ts';
import { TimeTable } from './time-table.ts';

/** Short payloads are kept to find equal ones: constants repeat all over a fleet. */
const SHARED_SIZE_MAX = 1_024;
const SHARED_COUNT_MAX = 20_000;

interface Payload {
  readonly offset: number;
  readonly length: number;
}

/**
 * Writes a block file: series in label order, each cut into chunks with a checksum of their own, then what is
 * needed to find them. Nothing is visible before `finish`.
 */
export class BlockWriter {
  readonly #file: FileWriter;
  readonly #encoder = new ValueEncoder();
  readonly #payload = new BitWriter();
  readonly #labels = new BitWriter();
  readonly #chunks = new BitWriter();
  readonly #times = new BitWriter();
  readonly #symbols = new SymbolTable();
  readonly #table: TimeTable;
  readonly #shared = new Map<string, Payload>();
  readonly #resolutionMs: number;
  #expected: number;
  #lastColumn = 0;
  #series = 0;
  #samples = 0;
  #minMs = Infinity;
  #maxMs = -Infinity;

  constructor(path: string, resolutionMs: number = 0) {
    this.#file = new FileWriter(path);
    this.#file.write(encodeHeader());
    this.#expected = this.#file.offset;
    this.#resolutionMs = resolutionMs;
    this.#table = new TimeTable((payload, times) => this.#storeTimes(payload, times));
  }

  get series(): number {
    return this.#series;
  }

  get samples(): number {
    return this.#samples;
  }

  get minMs(): number {
    return this.#minMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /**
   * Adds a series: `pairs` of labels, times strictly rising, values as words of their floats; at least one
   * sample. Series must come in label order.
   */
  add(pairs: readonly string[], times: Float64Array, words: Uint32Array): void {
    this.addColumns(pairs, times, [words]);
  }

  /** Adds a series of a rollup: a column per aggregate, all with the same times. */
  addColumns(pairs: readonly string[], times: Float64Array, columns: readonly Uint32Array[]): void {
    this.#labels.varint(pairs.length / 2);
    for (const text of pairs) this.#labels.varint(this.#symbols.id(text));
    const cuts = chunkEnds(times);
    for (const words of columns) {
      this.#chunks.varint(cuts.length);
      let from = 0;
      for (const to of cuts) {
        this.#chunk(times.subarray(from, to), words, from);
        from = to;
      }
    }
    this.#series++;
    this.#samples += times.length;
    this.#minMs = Math.min(this.#minMs, times[0] as number);
    this.#maxMs = Math.max(this.#maxMs, times[times.length - 1] as number);
  }

  /** Makes the block durable and visible; returns the size of the file in bytes. */
  finish(): number {
    const symbols = this.#section(this.#symbols.encode());
    const labels = this.#section(this.#labels.view());
    const chunks = this.#section(this.#chunks.view());
    const times = this.#section(this.#times.view());
    const footer = encodeFooter({
      minMs: this.#minMs,
      maxMs: this.#maxMs,
      samples: this.#samples,
      series: this.#series,
      resolutionMs: this.#resolutionMs,
      symbols,
      labels,
      chunks,
      times,
    });
    this.#file.write(footer);
    this.#file.commit();
    return this.#file.offset;
  }

  abandon(): void {
    this.#file.abandon();
  }

  #chunk(times: Float64Array, words: Uint32Array, from: number): void {
    const slice = this.#table.place(times);
    this.#payload.clear();
    this.#encoder.encode(this.#payload, words, from, times.length);
    const place = this.#store(this.#payload.view());
    const next = place.offset === this.#expected;
    this.#chunks.varint(times.length);
    this.#chunks.signed(slice.column - this.#lastColumn);
    this.#chunks.varint(slice.from);
    this.#chunks.varint(place.length * 2 + (next ? 0 : 1));
    if (!next) this.#chunks.signed(place.offset - this.#expected);
    // A payload shared with an earlier chunk lies behind and does not move what is expected next.
    if (place.offset >= this.#expected)
      this.#expected = place.offset + place.length + CHECKSUM_SIZE;
    this.#lastColumn = slice.column;
  }

  #store(payload: Uint8Array): Payload {
    const short = payload.length <= SHARED_SIZE_MAX;
    const key = short ? Buffer.from(payload).toString('latin1') : '';
    const known = short ? this.#shared.get(key) : undefined;
    if (known !== undefined) return known;
    const place = { offset: this.#file.offset, length: payload.length };
    this.#writeChecked(payload);
    if (short && this.#shared.size < SHARED_COUNT_MAX) this.#shared.set(key, place);
    return place;
  }

  #storeTimes(payload: Uint8Array, times: Float64Array): void {
    const offset = this.#file.offset;
    this.#writeChecked(payload);
    this.#times.varint(offset);
    this.#times.varint(payload.length);
    this.#times.varint(times.length);
    this.#times.float(times[0] as number);
    this.#times.float(times[times.length - 1] as number);
  }

  #writeChecked(payload: Uint8Array): void {
    const sum = checksum(payload);
    this.#file.write(payload);
    this.#file.write(Uint8Array.of(sum, sum >>> 8, sum >>> 16, sum >>> 24));
  }

  #section(bytes: Uint8Array): Section {
    const offset = this.#file.offset;
    this.#file.write(bytes);
    return { offset, length: bytes.length, checksum: checksum(bytes) };
  }
}

/** Where the chunks of a series end. Sparse series make one chunk, dense ones a chunk per window of time. */
function chunkEnds(times: Float64Array): number[] {
  if (times.length <= CHUNK_MAX) return [times.length];
  const ends: number[] = [];
  let start = 0;
  let window = Math.floor((times[0] as number) / CHUNK_WINDOW_MS);
  for (let at = 1; at < times.length; at++) {
    const next = Math.floor((times[at] as number) / CHUNK_WINDOW_MS);
    if (next === window && at - start < CHUNK_MAX) continue;
    ends.push(at);
    start = at;
    window = next;
  }
  ends.push(times.length);
  return ends;
}
