/**
 * Acknowledgements waiting for the disk. One wait serves every batch that came before it; while the store
 * cannot write, acknowledgements stop, publishers are told once, and all resume by themselves.
 */
import { codeOf } from '@nowcast/model';
import type { Ack } from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';
import type { Logger } from 'pino';

export interface AckReceiver {
  acknowledge(acks: readonly Ack[]): void;
  /** The store cannot write for now; called once per receiver and outage. */
  storeUnavailable(ack: Ack, message: string): void;
}

const RETRY_MS = 1_000;

export class AckQueue {
  readonly #flushed: () => Promise<void>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #waiting = new Map<AckReceiver, Ack[]>();
  readonly #told = new Set<AckReceiver>();
  #busy = false;
  #retry: Timer | undefined;
  #closed = false;

  constructor(flushed: () => Promise<void>, clock: Clock, log: Logger) {
    this.#flushed = flushed;
    this.#clock = clock;
    this.#log = log;
  }

  add(receiver: AckReceiver, ack: Ack): void {
    const acks = this.#waiting.get(receiver);
    if (acks === undefined) this.#waiting.set(receiver, [ack]);
    else acks.push(ack);
    if (!this.#busy) void this.#run();
  }

  forget(receiver: AckReceiver): void {
    this.#waiting.delete(receiver);
    this.#told.delete(receiver);
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.size > 0 && !this.#closed) {
      const batch = this.#waiting;
      this.#waiting = new Map();
      try {
        await this.#flushed();
      } catch (error) {
        this.#putBack(batch);
        this.#tell(error);
        this.#retry = this.#clock.after(RETRY_MS, () => void this.#run());
        return;
      }
      if (this.#told.size > 0) this.#log.info('the store writes again');
      this.#told.clear();
      for (const [receiver, acks] of batch) receiver.acknowledge(acks);
    }
    this.#busy = false;
  }

  #putBack(batch: Map<AckReceiver, Ack[]>): void {
    for (const [receiver, acks] of this.#waiting) {
      const earlier = batch.get(receiver);
      if (earlier === undefined) batch.set(receiver, acks);
      else earlier.push(...acks);
    }
    this.#waiting = batch;
  }

  #tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#told.size === 0) this.#log.error({ code: codeOf(error), err: error }, message);
    for (const [receiver, [first]] of this.#waiting) {
      if (this.#told.has(receiver) || first === undefined) continue;
      this.#told.add(receiver);
      receiver.storeUnavailable(first, message);
    }
  }
}
