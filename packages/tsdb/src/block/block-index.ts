import type { Matcher } from '@nowcast/model';
import { BitReader } from '../codec/bit-reader.ts';
import { CHECKSUM_SIZE, HEADER_SIZE } from './block-format.ts';

export interface ChunkPlace {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly column: number;
  /** First time of the chunk within its column. */
  readonly from: number;
}

export interface ColumnPlace {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
}

const CHUNK_FIELDS = 5;

/**
 * What stands where in a block, in flat arrays: labels as symbol ids, an inverted list of series per label
 * value built on load, chunks per series, time columns. Series are numbered in label order.
 */
export class BlockIndex {
  readonly #symbols: readonly string[];
  readonly #columnsPerSeries: number;
  readonly #labelEnds: Uint32Array;
  readonly #labels: Uint32Array;
  readonly #chunkEnds: Uint32Array;
  readonly #chunks: Float64Array;
  readonly #columns: readonly ColumnPlace[];
  readonly #postings: ReadonlyMap<string, ReadonlyMap<string, Uint32Array>>;

  constructor(
    seriesCount: number,
    parts: {
      /** Lists of chunks per series: one, or one per aggregate. */
      readonly columns: number;
      readonly symbols: readonly string[];
      readonly labels: Uint8Array;
      readonly chunks: Uint8Array;
      readonly times: Uint8Array;
    },
  ) {
    this.#symbols = parts.symbols;
    this.#labelEnds = new Uint32Array(seriesCount);
    this.#columnsPerSeries = parts.columns;
    this.#chunkEnds = new Uint32Array(seriesCount * parts.columns);
    this.#labels = this.#readLabels(new BitReader(parts.labels));
    this.#chunks = this.#readChunks(new BitReader(parts.chunks));
    this.#columns = readColumns(new BitReader(parts.times));
    this.#postings = this.#invert();
  }

  get size(): number {
    return this.#labelEnds.length;
  }

  /** 1, or how many aggregates a rollup has. */
  get columnsPerSeries(): number {
    return this.#columnsPerSeries;
  }

  get columns(): readonly ColumnPlace[] {
    return this.#columns;
  }

  /** name, value, name, value … of a series. */
  pairs(series: number): string[] {
    const from = series === 0 ? 0 : (this.#labelEnds[series - 1] as number);
    const pairs: string[] = [];
    for (let at = from; at < (this.#labelEnds[series] as number); at++)
      pairs.push(this.#symbols[this.#labels[at] as number] as string);
    return pairs;
  }

  /** Chunks of a series, or of one column of a series in a rollup. */
  chunks(series: number, column: number = 0): ChunkPlace[] {
    const list = series * this.#columnsPerSeries + column;
    const from = list === 0 ? 0 : (this.#chunkEnds[list - 1] as number);
    const places: ChunkPlace[] = [];
    for (let at = from * CHUNK_FIELDS; at < (this.#chunkEnds[list] as number) * CHUNK_FIELDS;) {
      places.push({
        offset: this.#chunks[at++] as number,
        length: this.#chunks[at++] as number,
        count: this.#chunks[at++] as number,
        column: this.#chunks[at++] as number,
        from: this.#chunks[at++] as number,
      });
    }
    return places;
  }

  /** The series that meet every matcher, rising. */
  select(matchers: readonly Matcher[]): Uint32Array {
    let kept: Uint8Array | undefined;
    const marks = new Uint8Array(this.size);
    for (const matcher of matchers) {
      const absentToo = matcher.matches('');
      marks.fill(absentToo ? 1 : 0);
      for (const [value, series] of this.#postings.get(matcher.name) ?? [])
        if (matcher.matches(value) !== absentToo)
          for (const one of series) marks[one] = absentToo ? 0 : 1;
      if (kept === undefined) kept = marks.slice();
      else
        for (let at = 0; at < kept.length; at++)
          kept[at] = (kept[at] as number) & (marks[at] as number);
    }
    const found = new Uint32Array(this.size);
    let count = 0;
    for (let at = 0; at < this.size; at++)
      if (kept === undefined || kept[at] === 1) found[count++] = at;
    return found.subarray(0, count);
  }

  #readLabels(reader: BitReader): Uint32Array {
    const ids: number[] = [];
    for (let series = 0; series < this.size; series++) {
      for (let left = reader.varint() * 2; left > 0; left--) ids.push(reader.varint());
      this.#labelEnds[series] = ids.length;
    }
    return Uint32Array.from(ids);
  }

  #readChunks(reader: BitReader): Float64Array {
    const fields: number[] = [];
    let column = 0;
    let expected = HEADER_SIZE;
    let chunks = 0;
    for (let list = 0; list < this.#chunkEnds.length; list++) {
      for (let left = reader.varint(); left > 0; left--) {
        const count = reader.varint();
        column += reader.signed();
        const from = reader.varint();
        const sized = reader.varint();
        const length = Math.floor(sized / 2);
        const offset = sized % 2 === 0 ? expected : expected + reader.signed();
        if (offset >= expected) expected = offset + length + CHECKSUM_SIZE;
        fields.push(offset, length, count, column, from);
        chunks++;
      }
      this.#chunkEnds[list] = chunks;
    }
    return Float64Array.from(fields);
  }

  #invert(): Map<string, Map<string, Uint32Array>> {
    const lists = new Map<number, number[]>();
    const stride = this.#symbols.length;
    let at = 0;
    for (let series = 0; series < this.size; series++)
      for (; at < (this.#labelEnds[series] as number); at += 2) {
        const key = (this.#labels[at] as number) * stride + (this.#labels[at + 1] as number);
        const list = lists.get(key);
        if (list === undefined) lists.set(key, [series]);
        else list.push(series);
      }
    const postings = new Map<string, Map<string, Uint32Array>>();
    for (const [key, list] of lists) {
      const name = this.#symbols[Math.floor(key / stride)] as string;
      let values = postings.get(name);
      if (values === undefined) postings.set(name, (values = new Map()));
      values.set(this.#symbols[key % stride] as string, Uint32Array.from(list));
    }
    return postings;
  }
}

function readColumns(reader: BitReader): ColumnPlace[] {
  const columns: ColumnPlace[] = [];
  while (!reader.done)
    columns.push({
      offset: reader.varint(),
      length: reader.varint(),
      count: reader.varint(),
      minMs: reader.float(),
      maxMs: reader.float(),
    });
  return columns;
}
