/**
 * Publishes the samples of one source. Invariants:
 * - a batch stays in the spool until an `ack` covers it or the spool has to drop it, which is reported;
 * - on a connection batches are sent in order of seq, each once unless the hub asks for it again;
 * - a series is defined on a connection with or before its first sample there.
 */
import { CodedError, isStaleMarker, type MetricMetadata } from '@nowcast/model';
import type { Ack, ErrorMessage, Rejection, Welcome } from '@nowcast/protocol';
import { deferred, type Clock, type Deferred, type Timer } from '@nowcast/std';
import { cutBatch } from './batch-cut.ts';
import { guarded } from './guarded-callback.ts';
import { MemorySpool } from './memory-spool.ts';
import { PublishEncoder } from './publish-encoder.ts';
import { SeriesDictionary } from './series-dictionary.ts';
import type { Spool, SpooledBatch, SpoolLoss } from './spool.ts';

/** A series under a ref of the caller's choice; giving the ref anew gives it to another series. */
export interface PublishedSeries extends MetricMetadata {
  readonly ref: number;
  /** With the metric's name as `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Samples that share a timestamp. */
export interface PublishBatch {
  /** When it was measured. Default: now. */
  readonly timeMs?: number | undefined;
  /** Series used here for the first time. Once is enough: reconnects are the publisher's affair. */
  readonly newSeries?: readonly PublishedSeries[] | undefined;
  readonly refs: ArrayLike<number>;
  /**
   * `values[i]` belongs to `refs[i]`. `STALE_NAN` of the model ends a series and frees its ref; pass a
   * `Float64Array` then, for an array of numbers does not keep its bits.
   */
  readonly values: ArrayLike<number>;
}

export interface PublisherOptions {
  /** Who publishes: a name of its own, stable across restarts. */
  readonly source: string;
  /** Default: a `MemorySpool` of 16 MiB. */
  readonly spool?: Spool | undefined;
  /** Called with what went wrong; publishing goes on. */
  readonly onProblem?: ((problem: PublishProblem) => void) | undefined;
  /** A batch is cut so that one message stays below about this. Default 256 KiB. */
  readonly batchBytesMax?: number | undefined;
}

export type PublishProblem =
  /** The spool was full: the oldest batches are lost. */
  | { readonly type: 'dropped'; readonly batches: number; readonly samples: number }
  /** The hub could not take part of a batch and never will. */
  | { readonly type: 'rejected'; readonly rejections: readonly Rejection[] }
  /** The hub refused a batch. Unless `retrying`, nothing more is sent on this connection. */
  | { readonly type: 'refused'; readonly error: CodedError; readonly retrying: boolean };

export interface PublisherStats {
  readonly waitingBatches: number;
  readonly waitingBytes: number;
  readonly acknowledgedBatches: number;
  readonly droppedBatches: number;
  readonly droppedSamples: number;
  readonly rejectedSamples: number;
}

/** What a publisher needs of the connection. */
export interface PublisherHost {
  readonly clock: Clock;
  readonly bufferedBytes: () => number;
  readonly hubNowMs: () => number;
  sendFrame(frame: string): void;
  /** A ref nobody else uses on this connection: the number of those before it. */
  nextRef(): number;
  /** Ends this connection and begins another, on which no ref is used. */
  reconnect(): void;
  closed(): void;
}

const BATCH_BYTES_MAX = 256 * 1024;
/** Sent and not yet acknowledged: enough to fill a long path, little enough to leave room for answers. */
const IN_FLIGHT_MAX = 64;
const BUFFERED_BYTES_MAX = 1024 * 1024;
const RETRY_MS = 1_000;
/** The dictionary is tidied when it holds this many series more than are in use. */
const FORGET_MIN = 1_000;
const FORGET_FACTOR = 2;
/** Share of the series a connection may define, past which ended ones make a new connection worth while. */
const USED_UP = 0.9;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #host: PublisherHost;
  readonly #spool: Spool;
  readonly #dictionary = new SeriesDictionary();
  /** Caller's ref → index in the dictionary. */
  readonly #indices = new Map<number, number>();
  /** Of the present connection; undefined while there is none. */
  #encoder: PublishEncoder | undefined;
  /** After a refusal nothing is sent: until the retry, or on this connection. */
  #hold: 'retry' | 'connection' | undefined;
  #closed = false;
  /** The newest seq sent on this connection. */
  #sentSeq = 0;
  /** Seqs sent on this connection and not acknowledged, rising. */
  #inFlight: number[] = [];
  /** Series that have ended hold most refs of this connection: what is in flight is its last. */
  #usedUp = false;
  #retry: Timer | undefined;
  #drained: Deferred<void> | undefined;
  #flushed: Deferred<void> | undefined;
  #acknowledgedBatches = 0;
  #droppedBatches = 0;
  #droppedSamples = 0;
  #rejectedSamples = 0;

  constructor(options: PublisherOptions, host: PublisherHost) {
    this.#options = options;
    this.#host = host;
    this.#spool = options.spool ?? new MemorySpool();
    this.#spool.open(this.#dictionary);
  }

  get source(): string {
    return this.#options.source;
  }

  get stats(): PublisherStats {
    return {
      waitingBatches: this.#spool.batches,
      waitingBytes: this.#spool.bytes,
      acknowledgedBatches: this.#acknowledgedBatches,
      droppedBatches: this.#droppedBatches,
      droppedSamples: this.#droppedSamples,
      rejectedSamples: this.#rejectedSamples,
    };
  }

  /**
   * Takes a batch. False when more than half of the spool is in use: a caller that can wait does so with
   * `drained`; one that cannot goes on, and the oldest batches give way when it is full.
   * @throws {CodedError} `bad-series`, `bad-batch`, `client-closed`: nothing of the batch is taken.
   */
  publish(batch: PublishBatch): boolean {
    if (this.#closed)
      throw new CodedError('client-closed', `the publisher of ${this.source} was closed`);
    const { refs, values } = batch;
    if (refs.length !== values.length)
      throw new CodedError(
        'bad-batch',
        `${refs.length} refs and ${values.length} values: they must be equal in number`,
      );
    for (const one of batch.newSeries ?? [])
      this.#indices.set(assertRef(one.ref), this.#dictionary.intern(one.labels, one));
    const indices = Array.from(refs, (ref) => this.#indexOf(ref));
    const timeMs = batch.timeMs ?? this.#host.clock.nowMs();
    const own = Float64Array.from(values);
    const bytesMax = this.#options.batchBytesMax ?? BATCH_BYTES_MAX;
    for (const [from, to] of cutBatch(indices, this.#dictionary, bytesMax)) {
      const loss = this.#spool.append({
        seq: this.#spool.lastSeq + 1,
        timeMs,
        refs: indices.slice(from, to),
        values: own.subarray(from, to),
      });
      this.#noteLoss(loss);
    }
    for (let at = 0; at < values.length; at++)
      if (isStaleMarker(values[at] as number)) this.#indices.delete(refs[at] as number);
    this.#pump();
    return this.#roomy;
  }

  /** Resolves when at most half of the spool is in use, or the publisher is closed. */
  drained(): Promise<void> {
    if (this.#roomy) return Promise.resolve();
    this.#drained ??= deferred();
    return this.#drained.promise;
  }

  /** Resolves when all that was published has been acknowledged or dropped, or the publisher is closed. */
  flushed(): Promise<void> {
    if (this.#spool.batches === 0) return Promise.resolve();
    this.#flushed ??= deferred();
    return this.#flushed.promise;
  }

  /** Stops publishing. What a file spool holds stays for the next run. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.down();
    this.#drained?.resolve();
    this.#flushed?.resolve();
    this.#spool.close();
    this.#host.closed();
  }

  up(welcome: Welcome): void {
    // The hub's clock guards against a device that starts in 1970 and later learns the date.
    if (this.#spool.epoch === undefined)
      this.#spool.setEpoch(Math.floor(Math.max(this.#host.clock.nowMs(), this.#host.hubNowMs())));
    this.#encoder = new PublishEncoder(this.#dictionary, {
      source: this.source,
      epoch: this.#spool.epoch as number,
      messageBytesMax: welcome.limits.messageBytesMax,
      nextRef: () => this.#nextRef(welcome.limits.publishSeriesMax),
    });
    this.#sentSeq = 0;
    this.#inFlight = [];
    this.#usedUp = false;
    this.#pump();
  }

  down(): void {
    this.#encoder = undefined;
    this.#hold = undefined;
    this.#retry?.cancel();
    this.#retry = undefined;
  }

  acknowledged(ack: Ack): void {
    if (ack.epoch !== this.#spool.epoch) return;
    const { batches } = this.#spool;
    this.#spool.release(ack.seq);
    this.#acknowledgedBatches += batches - this.#spool.batches;
    this.#inFlight = this.#inFlight.filter((seq) => seq > ack.seq);
    if (ack.rejected && ack.rejected.length > 0) this.#noteRejections(ack.rejected);
    this.#settle();
    this.#pump();
  }

  refused(message: ErrorMessage): void {
    const seq = message.publish?.seq;
    if (seq === undefined || message.publish?.epoch !== this.#spool.epoch) return;
    this.#report({
      type: 'refused',
      error: new CodedError(message.code, message.message),
      retrying: message.retryable,
    });
    if (!message.retryable) this.#hold = 'connection';
    if (this.#hold === 'connection') return;
    this.#hold = 'retry';
    this.#sentSeq = Math.min(this.#sentSeq, seq - 1);
    this.#inFlight = this.#inFlight.filter((sent) => sent < seq);
    // All that was in flight may be refused alike; one pause serves for them all.
    this.#retry ??= this.#host.clock.after(message.retryAfterMs ?? RETRY_MS, () => {
      this.#retry = undefined;
      if (this.#hold === 'retry') this.#hold = undefined;
      this.#pump();
    });
  }

  get #roomy(): boolean {
    return this.#spool.bytes * 2 <= this.#spool.bytesMax;
  }

  #indexOf(ref: number): number {
    const index = this.#indices.get(ref);
    if (index === undefined)
      throw new CodedError('bad-batch', `ref ${ref} was never defined in newSeries`);
    return index;
  }

  #pump(): void {
    while (this.#encoder && !this.#hold && this.#inFlight.length < IN_FLIGHT_MAX) {
      // Each batch in flight brings an ack, and each ack comes back here.
      if (this.#usedUp) return this.#inFlight.length > 0 ? undefined : this.#host.reconnect();
      if (this.#inFlight.length > 0 && this.#host.bufferedBytes() > BUFFERED_BYTES_MAX) return;
      const batch = this.#spool.next(this.#sentSeq);
      if (!batch) return;
      this.#sentSeq = batch.seq;
      this.#inFlight.push(batch.seq);
      this.#send(batch, this.#encoder);
    }
  }

  #nextRef(publishSeriesMax: number): number {
    const ref = this.#host.nextRef();
    // Only where most of them have ended: a new connection would not help otherwise.
    if (ref >= publishSeriesMax * USED_UP && this.#indices.size * 2 < ref) this.#usedUp = true;
    return ref;
  }

  #send(batch: SpooledBatch, encoder: PublishEncoder): void {
    const frame = encoder.encode(batch);
    this.#host.sendFrame(frame ?? encoder.encodeEmpty(batch.seq));
    if (frame !== undefined) return;
    const samples = batch.values.length;
    const message = `a batch of ${samples} samples is larger than the hub takes in one message`;
    this.#noteRejections([{ code: 'batch-too-large', message, samples }]);
  }

  #settle(): void {
    if (this.#roomy) {
      this.#drained?.resolve();
      this.#drained = undefined;
    }
    if (this.#spool.batches > 0) return;
    // Nothing waits: series that have ended need not be known any longer.
    if (this.#dictionary.size > FORGET_FACTOR * this.#indices.size + FORGET_MIN)
      this.#dictionary.retain(new Set(this.#indices.values()));
    this.#flushed?.resolve();
    this.#flushed = undefined;
  }

  #noteLoss({ batches, samples }: SpoolLoss): void {
    if (batches === 0) return;
    this.#droppedBatches += batches;
    this.#droppedSamples += samples;
    this.#report({ type: 'dropped', batches, samples });
  }

  #noteRejections(rejections: readonly Rejection[]): void {
    for (const { samples } of rejections) this.#rejectedSamples += samples;
    this.#report({ type: 'rejected', rejections });
  }

  #report(problem: PublishProblem): void {
    const { onProblem } = this.#options;
    if (onProblem) guarded(() => onProblem(problem));
  }
}

function assertRef(ref: number): number {
  if (Number.isSafeInteger(ref) && ref >= 0) return ref;
  throw new CodedError('bad-series', `ref ${ref} is not a whole number from 0`);
}
