/**
 * A spool in a folder, for publishers that must not lose what they measured while the hub was away, nor
 * when they are killed themselves. Batches are handed to the operating system before `append` returns: a
 * kill loses none, a power failure at most what the system had not written yet.
 *
 * The folder holds segments `00000001.spool`, `00000002.spool` …; a segment is deleted once the hub has
 * acknowledged all of it, or, when the folder is full, with what is left in it.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@nowcast/model';
import type { SeriesDictionary } from '../series-dictionary.ts';
import { assert } from '@nowcast/std';
import { guarded } from '../guarded-callback.ts';
import { MemorySpool } from '../memory-spool.ts';
import { NO_LOSS, type Spool, type SpooledBatch, type SpoolLoss } from '../spool.ts';
import { FolderLock } from './folder-lock.ts';
import { SpoolSegment } from './spool-segment.ts';

export interface FileSpoolOptions {
  /** Folder for this publisher alone; created when missing. */
  readonly dir: string;
  /** Default 256 MiB: about a week of 300 series at one sample a second. */
  readonly bytesMax?: number | undefined;
  /** Called with `spool-damaged` and, once per spell, `spool-unavailable`; the spool goes on. */
  readonly onProblem?: ((error: CodedError) => void) | undefined;
}

const BYTES_MAX = 256 * 1024 * 1024;
/** The folder gives way a segment at a time, so a segment is a small part of it. */
const SEGMENTS = 16;
/** While the disk cannot be written, the newest batches are held in memory, up to this. */
const MEMORY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * A run that goes on in an epoch leaves out this many seqs. What the hub has acknowledged may never have
 * reached the disk, when the power failed or the disk was full; a seq used again would count as known.
 */
const RUN_SEQS = 8_192;

export class FileSpool implements Spool {
  readonly bytesMax: number;
  readonly #options: FileSpoolOptions;
  readonly #lock: FolderLock;
  readonly #segments: SpoolSegment[] = [];
  readonly #memory = new MemorySpool({ bytesMax: MEMORY_BYTES_MAX });
  #dictionary: SeriesDictionary | undefined;
  #number = 0;
  #epoch: number | undefined;
  #lastSeq = 0;
  #releasedSeq = 0;
  #failing = false;

  /** @throws {CodedError} `spool-in-use`, `spool-unavailable` */
  constructor(options: FileSpoolOptions) {
    this.#options = options;
    this.bytesMax = options.bytesMax ?? BYTES_MAX;
    try {
      mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodedError('spool-unavailable', `cannot create ${options.dir}: ${reason}`, {
        cause,
      });
    }
    this.#lock = new FolderLock(options.dir);
  }

  open(dictionary: SeriesDictionary): void {
    this.#dictionary = dictionary;
    const names = readdirSync(this.#options.dir).filter((name) => /^\d{8}\.spool$/.test(name));
    for (const name of names.sort()) this.#recover(name, dictionary);
    this.release(this.#releasedSeq);
    if (this.batches === 0) this.#startOver();
    else this.#lastSeq = Math.max(...this.#segments.map((one) => one.lastSeq)) + RUN_SEQS;
  }

  get epoch(): number | undefined {
    return this.#epoch;
  }

  setEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#write((segment) => segment.append({ type: 'epoch', epoch }));
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get batches(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.batches, this.#memory.batches);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, this.#memory.bytes);
  }

  append(batch: SpooledBatch): SpoolLoss {
    const dictionary = this.#dictionary;
    assert(dictionary, 'a spool is opened before it is used');
    this.#lastSeq = batch.seq;
    const written = this.#write((segment) => {
      segment.appendBatch(batch, this.#releasedSeq, dictionary);
    });
    return written ? this.#makeRoom() : this.#memory.append(batch);
  }

  next(seq: number): SpooledBatch | undefined {
    const kept = this.#memory.next(seq);
    for (const segment of this.#segments) {
      const written = segment.next(seq);
      if (written) return kept && kept.seq < written.seq ? kept : written;
    }
    return kept;
  }

  release(seq: number): void {
    this.#releasedSeq = Math.max(this.#releasedSeq, seq);
    this.#memory.release(seq);
    for (const segment of this.#segments) segment.release(seq);
    // The newest stays: it carries the epoch.
    while (this.#segments.length > 1 && this.#segments[0]?.batches === 0)
      this.#segments.shift()?.remove();
  }

  close(): void {
    if (this.#segments.length > 0)
      this.#write((segment) =>
        segment.append({ type: 'released', releasedSeq: this.#releasedSeq }),
      );
    for (const segment of this.#segments) segment.close();
    this.#segments.length = 0;
    this.#memory.close();
    this.#lock.release();
  }

  #recover(name: string, dictionary: SeriesDictionary): void {
    this.#number = Number.parseInt(name, 10);
    const segment = new SpoolSegment(join(this.#options.dir, name));
    const { series, epoch, releasedSeq, damaged } = segment.recover();
    for (const one of series) dictionary.restore(one);
    this.#epoch = epoch ?? this.#epoch;
    this.#releasedSeq = Math.max(this.#releasedSeq, releasedSeq);
    this.#segments.push(segment);
    if (damaged > 0)
      this.#report(
        new CodedError(
          'spool-damaged',
          `${damaged} damaged records in ${segment.file} were skipped`,
        ),
      );
  }

  /** Nothing is left of the earlier run: the next batch begins a new epoch. */
  #startOver(): void {
    for (const segment of this.#segments.splice(0)) segment.remove();
    this.#epoch = undefined;
    this.#releasedSeq = 0;
    this.#lastSeq = 0;
  }

  /** False when the disk refused; what is refused once is reported once. */
  #write(write: (segment: SpoolSegment) => void): boolean {
    try {
      write(this.#writable());
      this.#failing = false;
      return true;
    } catch (error) {
      if (!this.#failing) this.#report(toUnavailable(error, this.#options.dir));
      this.#failing = true;
      return false;
    }
  }

  #writable(): SpoolSegment {
    const newest = this.#segments.at(-1);
    if (newest && newest.bytes < this.bytesMax / SEGMENTS) return newest;
    const name = `${String(this.#number + 1).padStart(8, '0')}.spool`;
    const segment = new SpoolSegment(join(this.#options.dir, name));
    this.#number++;
    this.#segments.push(segment);
    if (this.#epoch !== undefined) segment.append({ type: 'epoch', epoch: this.#epoch });
    segment.append({ type: 'released', releasedSeq: this.#releasedSeq });
    this.release(this.#releasedSeq);
    return segment;
  }

  #makeRoom(): SpoolLoss {
    let { batches, samples } = NO_LOSS;
    while (this.bytes > this.bytesMax && this.#segments.length > 1) {
      const oldest = this.#segments.shift();
      batches += oldest?.batches ?? 0;
      samples += oldest?.samples ?? 0;
      oldest?.remove();
    }
    return { batches, samples };
  }

  #report(error: CodedError): void {
    const { onProblem } = this.#options;
    if (onProblem) guarded(() => onProblem(error));
  }
}

function toUnavailable(error: unknown, dir: string): CodedError {
  if (error instanceof CodedError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CodedError('spool-unavailable', `cannot write ${dir}: ${reason}`, { cause: error });
}
