/** One standing wish of the caller, served over as many connections as it takes. */
import { CodedError } from '@nowcast/model';
import type { Contract, ErrorMessage, Subscribe, Subscribed, Update } from '@nowcast/protocol';
import { guarded } from './guarded-callback.ts';
import type { SubscriptionEvent } from './subscription-event.ts';
import { SubscriptionInbox, type EventSource } from './subscription-inbox.ts';
import { UpdateDecoder } from './update-decoder.ts';

export interface SubscribeOptions {
  /** How far back the first samples shall reach; 0 or nothing: only the current value of each series. */
  readonly historyMs?: number | undefined;
  readonly contract?: Contract | undefined;
  /** Called with each event as it arrives. Without it the subscription is read with `for await`. */
  readonly onEvent?: ((event: SubscriptionEvent) => void) | undefined;
  /**
   * The longest interruption (outage, hidden panel) whose samples are asked for afterwards; what is longer
   * is told as `resumed.gap`. Default: `historyMs`.
   */
  readonly catchUpMaxMs?: number | undefined;
  /** Updates that may wait for a `for await` before the oldest lose their samples. Default 1,000. */
  readonly waitingMax?: number | undefined;
}

/** A subscription as its reader holds it. */
export interface Subscription extends AsyncIterable<SubscriptionEvent> {
  readonly query: string;
  /** Changes what is asked for; the hub's answer comes as `granted`. Fields not named stay as they are. */
  setContract(change: Contract): void;
  close(): void;
}

/** What a subscription needs of the registry that holds it. */
export interface SubscriptionHost {
  /** The contract changed. */
  changed(): void;
  /** It is to be opened anew, to be told what was missed. */
  reopen(): void;
  closed(): void;
}

const WAITING_MAX = 1_000;

/** Samples reach the hub a little out of order between series; asking again for this much leaves no hole. */
const OVERLAP_MS = 10_000;

export class OpenSubscription implements Subscription {
  readonly query: string;
  readonly #options: SubscribeOptions;
  readonly #host: SubscriptionHost;
  readonly #decoder = new UpdateDecoder();
  readonly #inbox: SubscriptionInbox;
  #contract: Contract;
  #seq = 0;
  #opened = false;
  /** Time of the newest sample that arrived; a reader that pulls may not have seen it yet. */
  #newestMs: number | undefined;
  #iterated = false;

  constructor(query: string, options: SubscribeOptions, host: SubscriptionHost) {
    this.query = query;
    this.#options = options;
    this.#host = host;
    this.#contract = options.contract ?? {};
    this.#inbox = new SubscriptionInbox(options.waitingMax ?? WAITING_MAX, () => host.closed());
  }

  get newestMs(): number | undefined {
    return this.#newestMs;
  }

  /** False while nobody looks: then it need not be opened on a new connection. */
  get visible(): boolean {
    return this.#contract.visible ?? true;
  }

  setContract(change: Contract): void {
    const hidden = !this.visible;
    this.#contract = { ...this.#contract, ...change };
    // The hub goes on with the current values; what was missed while hidden comes as history.
    if (hidden && this.visible && this.#catchUpMaxMs > 0) this.#host.reopen();
    else this.#host.changed();
  }

  close(): void {
    this.#inbox.end();
    this.#host.closed();
  }

  [Symbol.asyncIterator](): AsyncIterator<SubscriptionEvent> {
    if (this.#options.onEvent || this.#iterated)
      throw new CodedError(
        'already-consumed',
        `the subscription to ${this.query} is read in another way already`,
      );
    this.#iterated = true;
    return this.#inbox;
  }

  /** The message that opens it under `id`: at first with the history asked for, later with what was missed. */
  open(id: string, hubNowMs: number): Subscribe {
    this.#seq = 0;
    const base = { type: 'subscribe', id, query: this.query, contract: this.#contract } as const;
    const historyMs = this.#historyMs;
    if (!this.#opened) {
      this.#opened = true;
      return { ...base, historyMs };
    }
    const newestMs = this.#newestMs ?? hubNowMs - historyMs;
    const missedMs = Math.max(0, hubNowMs - newestMs);
    const catchUpMaxMs = this.#catchUpMaxMs;
    const toMs = hubNowMs - catchUpMaxMs;
    this.#emit(() => {
      this.#decoder.resume();
      const gap = { fromMs: newestMs, toMs };
      return [newestMs < toMs ? { type: 'resumed', gap } : { type: 'resumed' }];
    });
    return { ...base, historyMs: Math.min(missedMs + OVERLAP_MS, catchUpMaxMs) };
  }

  /** The message that tells the hub of a changed contract. */
  change(id: string): Subscribe {
    return { type: 'subscribe', id, query: this.query, contract: this.#contract };
  }

  granted(message: Subscribed): void {
    this.#emit(() => [{ type: 'granted', query: message.query, grant: message.grant }]);
  }

  /** False when an update was lost, which the hub never does knowingly: subscribe anew. */
  update(message: Update): boolean {
    if (message.seq !== this.#seq + 1) return false;
    this.#seq = message.seq;
    for (const { timeMs } of message.groups)
      if (this.#newestMs === undefined || timeMs > this.#newestMs) this.#newestMs = timeMs;
    this.#emit(() => this.#decoder.decode(message));
    return true;
  }

  failed(message: ErrorMessage): void {
    const error = new CodedError(message.code, message.message);
    this.#emit(() => [{ type: 'error', error, retrying: message.retryable }]);
    if (!message.retryable) this.#inbox.end(error);
  }

  get #historyMs(): number {
    return this.#options.historyMs ?? 0;
  }

  get #catchUpMaxMs(): number {
    return this.#options.catchUpMaxMs ?? this.#historyMs;
  }

  #emit(source: EventSource): void {
    const { onEvent } = this.#options;
    if (!onEvent) return this.#inbox.push(source);
    for (const event of source()) guarded(() => onEvent(event));
  }
}
