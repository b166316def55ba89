/**
 * One file of a spool: records in the order they were appended. It names every series its batches use, so
 * that an older segment can go without taking anything along. Only the newest segment is written to.
 */
import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { CodedError } from '@nowcast/model';
import type { SeriesDictionary, SpooledSeries } from '../series-dictionary.ts';
import type { SpooledBatch } from '../spool.ts';
import {
  decodeRecord,
  encodeRecord,
  fromRecord,
  toRecord,
  type SpoolRecord,
} from './spool-record.ts';

/** Where a batch stands in its file. */
interface Place {
  readonly seq: number;
  readonly offset: number;
  readonly length: number;
  readonly samples: number;
}

/** What reading an existing file brought up. */
export interface SegmentContents {
  readonly series: readonly SpooledSeries[];
  readonly epoch: number | undefined;
  readonly releasedSeq: number;
  /** Records that did not match their checksum; a last line that was cut off does not count. */
  readonly damaged: number;
}

export class SpoolSegment {
  readonly file: string;
  readonly #fd: number;
  /** Batches that are held, by rising seq. */
  #places: Place[] = [];
  readonly #named = new Set<number>();
  #bytes = 0;
  #lastSeq = 0;

  constructor(file: string) {
    this.file = file;
    this.#fd = openSync(file, 'a+', 0o600);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The newest seq in the file; 0 when it holds no batch. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Batches that were not released. */
  get batches(): number {
    return this.#places.length;
  }

  /** Samples in these batches. */
  get samples(): number {
    return this.#places.reduce((sum, place) => sum + place.samples, 0);
  }

  /** Reads what an earlier run left, and cuts off a line that it did not finish. */
  recover(): SegmentContents {
    const content = readFileSync(this.file);
    const series: SpooledSeries[] = [];
    let epoch: number | undefined;
    let releasedSeq = 0;
    let damaged = 0;
    let offset = 0;
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, offset)) {
      const record = decodeRecord(content.toString('utf8', offset, end));
      if (!record) damaged++;
      else if (record.type === 'epoch') epoch = record.epoch;
      else releasedSeq = Math.max(releasedSeq, record.releasedSeq);
      if (record?.type === 'batch') {
        series.push(...(record.series ?? []));
        this.#note({
          seq: record.seq,
          offset,
          length: end + 1 - offset,
          samples: record.refs.length,
        });
      }
      offset = end + 1;
    }
    if (offset < content.length) ftruncateSync(this.#fd, offset);
    this.#bytes = offset;
    for (const { ref } of series) this.#named.add(ref);
    return { series, epoch, releasedSeq, damaged };
  }

  appendBatch(batch: SpooledBatch, releasedSeq: number, dictionary: SeriesDictionary): void {
    const series: SpooledSeries[] = [];
    for (const ref of batch.refs) {
      const one = this.#named.has(ref) ? undefined : dictionary.at(ref);
      if (one) series.push(one);
    }
    const record = toRecord(batch, releasedSeq, series);
    const offset = this.#bytes;
    const length = this.append(record);
    // Only now: a write that failed has named nothing.
    for (const { ref } of series) this.#named.add(ref);
    this.#note({ seq: batch.seq, offset, length, samples: batch.refs.length });
  }

  /**
   * Returns the bytes written.
   * @throws {CodedError} `spool-unavailable`; the file is as it was before.
   */
  append(record: SpoolRecord): number {
    const line = encodeRecord(record);
    try {
      for (let at = 0; at < line.length;) at += writeSync(this.#fd, line, at);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError('spool-unavailable', `cannot write ${this.file}: ${reason}`, { cause });
    }
    this.#bytes += line.length;
    return line.length;
  }

  /** The oldest batch held that comes after `seq`; one that can no longer be read is passed over. */
  next(seq: number): SpooledBatch | undefined {
    if (seq >= this.#lastSeq) return undefined;
    for (let at = this.#after(seq); at < this.#places.length; at++) {
      const batch = this.#read(this.#places[at] as Place);
      if (batch) return batch;
    }
    return undefined;
  }

  release(seq: number): void {
    const held = this.#after(seq);
    if (held > 0) this.#places = this.#places.slice(held);
  }

  close(): void {
    closeSync(this.#fd);
  }

  remove(): void {
    this.close();
    rmSync(this.file, { force: true });
  }

  /** Index of the first place after `seq`. */
  #after(seq: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] as Place).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #read({ offset, length }: Place): SpooledBatch | undefined {
    const line = Buffer.alloc(length);
    if (readSync(this.#fd, line, 0, length, offset) < length) return undefined;
    const record = decodeRecord(line.toString('utf8', 0, length - 1));
    return record?.type === 'batch' ? fromRecord(record) : undefined;
  }

  #note(place: Place): void {
    this.#places.push(place);
    this.#lastSeq = place.seq;
  }
}
