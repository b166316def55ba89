import { CodedError } from '@nowcast/model';
import { deferred, type Clock, type Deferred, type Timer } from '@nowcast/std';
import type { WalEncoder } from '../wal/wal-encoder.ts';
import type { StoreEvent } from '../store.ts';

/** Writes one frame and syncs it. */
export type WriteFrame = (
  segment: number,
  payload: Uint8Array,
) => Promise<{ readonly syncMs: number; readonly bytes: number }>;

export interface CommitLogOptions {
  readonly clock: Clock;
  readonly encoder: WalEncoder;
  readonly write: WriteFrame;
  readonly onEvent: (event: StoreEvent) => void;
  /** Called when frames had to be given up and the store can write again: only a seal makes them durable now. */
  readonly onGap: () => void;
  /** Frames kept while the disk refuses them. */
  readonly pendingBytesMax: number;
}

/** How long a sample may wait for its commit to start. */
const COMMIT_MS = 50;
/** Larger frames would take long to write and, after a restart, to read. */
const FRAME_BYTES = 65_536;
const RETRY_MS = 1_000;

interface Frame {
  readonly segment: number;
  readonly payload: Uint8Array;
  /** Everything appended up to this number is durable once the frame is. */
  readonly upTo: number;
}

/**
 * Group commit. One frame is on its way to the disk at a time; what is appended meanwhile makes the next one.
 * While the disk refuses, frames wait, `flushed` rejects, and the write is tried again each second. When too
 * much waits, frames are dropped (memory still has the samples) and the gap is closed by a seal.
 */
export class CommitLog {
  readonly #options: CommitLogOptions;
  readonly #frames: Frame[] = [];
  readonly #waiting: { readonly upTo: number; readonly done: Deferred<void> }[] = [];
  #segment = 1;
  #appended = 0;
  #durable = 0;
  #pendingBytes = 0;
  #writing = false;
  /** Frames up to this append were dropped; only a seal can make it durable. */
  #gapUpTo: number | undefined;
  /** True from the gap to the end of its segment: later rows there would build on dropped ones. */
  #dropping = false;
  #timer: Timer | undefined;
  #reason: string | undefined;
  #closed = false;
  #syncs = 0;
  #syncMsMax = 0;
  #bytes = 0;

  constructor(options: CommitLogOptions) {
    this.#options = options;
  }

  get segment(): number {
    return this.#segment;
  }

  /** Number of the last append. */
  get appended(): number {
    return this.#appended;
  }

  /** Why nothing becomes durable at the moment. */
  get reason(): string | undefined {
    return this.#reason;
  }

  get pendingBytes(): number {
    return this.#pendingBytes + this.#options.encoder.size;
  }

  get syncs(): number {
    return this.#syncs;
  }

  get syncMsMax(): number {
    return this.#syncMsMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Records were added to the encoder. */
  noteAppend(): void {
    this.#appended++;
    if (this.#options.encoder.size >= FRAME_BYTES) {
      this.#cut();
      this.#pump();
    } else if (this.#timer === undefined && !this.#writing && this.#reason === undefined) {
      this.#timer = this.#options.clock.after(COMMIT_MS, () => {
        this.#timer = undefined;
        this.#pump();
      });
    }
  }

  /** Goes on after the segments found on opening. */
  startAt(segment: number): void {
    this.#segment = segment;
  }

  /** Ends the segment: what follows goes into the next one. */
  rotate(): void {
    this.#cut();
    this.#dropping = false;
    this.#segment++;
    this.#options.encoder.restart();
    this.#pump();
  }

  async flushed(): Promise<void> {
    if (this.#durable >= this.#appended) return;
    if (this.#reason !== undefined) throw this.#unavailable();
    const done = deferred();
    this.#waiting.push({ upTo: this.#appended, done });
    // Calls of one turn of the event loop share a frame.
    queueMicrotask(() => this.#pump());
    await done.promise;
  }

  /** A seal has made everything up to an append durable, whatever became of its frames. */
  sealed(upTo: number): void {
    if (this.#gapUpTo !== undefined && upTo >= this.#gapUpTo) {
      this.#gapUpTo = undefined;
      this.#recovered();
    }
    this.#advance(Math.max(this.#durable, upTo));
    this.#pump();
  }

  /** Writes what is left; gives up when the disk refuses. */
  async close(): Promise<void> {
    try {
      await this.flushed();
    } finally {
      this.#closed = true;
      this.#timer?.cancel();
      for (const { done } of this.#waiting.splice(0))
        done.reject(new CodedError('store-closed', 'the store has been closed'));
    }
  }

  #cut(): void {
    const { encoder, pendingBytesMax } = this.#options;
    if (encoder.size === 0) return;
    const payload = encoder.take();
    if (this.#dropping || this.#pendingBytes + payload.length > pendingBytesMax) {
      this.#drop();
      return;
    }
    this.#frames.push({ segment: this.#segment, payload, upTo: this.#appended });
    this.#pendingBytes += payload.length;
  }

  #drop(): void {
    if (!this.#dropping)
      this.#options.onEvent({
        level: 'warn',
        message:
          'too much waits for the disk; samples stay in memory until it can be written again',
      });
    this.#dropping = true;
    this.#gapUpTo = this.#appended;
    this.#frames.length = 0;
    this.#pendingBytes = 0;
  }

  #pump(): void {
    if (this.#writing || this.#closed || this.#gapUpTo !== undefined) return;
    if (this.#frames.length === 0) this.#cut();
    const frame = this.#frames[0];
    if (frame === undefined) return;
    this.#writing = true;
    void this.#write(frame);
  }

  async #write(frame: Frame): Promise<void> {
    try {
      const { syncMs, bytes } = await this.#options.write(frame.segment, frame.payload);
      this.#syncs++;
      this.#syncMsMax = Math.max(this.#syncMsMax, syncMs);
      this.#bytes += bytes;
      this.#writing = false;
      this.#recovered();
      if (this.#frames[0] === frame) {
        this.#frames.shift();
        this.#pendingBytes -= frame.payload.length;
        this.#advance(frame.upTo);
      }
      if (this.#frames.length > 0 || this.#waiting.length > 0 || this.#options.encoder.size > 0)
        this.#pump();
    } catch (error) {
      this.#writing = false;
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  #advance(upTo: number): void {
    this.#durable = upTo;
    while ((this.#waiting[0]?.upTo ?? Infinity) <= upTo) this.#waiting.shift()?.done.resolve();
  }

  #failed(reason: string): void {
    if (this.#closed) return;
    if (this.#reason === undefined)
      this.#options.onEvent({
        level: 'error',
        message: `the store cannot write: ${reason}. Live data keeps flowing; acknowledgements wait`,
      });
    this.#reason = reason;
    for (const { done } of this.#waiting.splice(0)) done.reject(this.#unavailable());
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(RETRY_MS, () => {
      this.#timer = undefined;
      if (this.#gapUpTo === undefined) return this.#pump();
      this.#options.onGap();
      this.#failed(reason);
    });
  }

  #recovered(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.#options.onEvent({ level: 'info', message: 'the store can write again' });
  }

  #unavailable(): CodedError {
    return new CodedError('store-unavailable', `the store cannot write: ${this.#reason}`);
  }
}
