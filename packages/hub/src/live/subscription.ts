/**
 * One subscription of one session. Its updates are numbered without a hole, and between them they tell every
 * change of its source that its contract lets through, whatever state it went through meanwhile:
 *
 * - `hidden`: nobody looks, or the session cannot take more. Remembers what the client knows and costs nothing.
 * - `loading`: history is on its way; live updates are held back behind it.
 * - `live`: a watcher of the channel of its contract.
 */
import type { CodedError } from '@nowcast/model';
import type { Contract, ErrorMessage, Grant, Subscribed } from '@nowcast/protocol';
import type {
  ChannelContract,
  LiveChannel,
  LiveSource,
  PastReader,
  Position,
  Watcher,
} from './live-source.ts';
import type { ChannelWire } from './channel-wire.ts';
import type { UpdateBody } from './update-text.ts';
import { updateWriter, type UpdateOutlet, type UpdateWriter } from './update-writer.ts';

export type SubscriptionError = Pick<ErrorMessage, 'code' | 'message' | 'id' | 'retryable'>;

/** The session, as a subscription sees it. */
export interface UpdateSink extends UpdateOutlet {
  /** The send queue is full: send nothing more that can be merged. */
  readonly congested: boolean;
  /** A subscription was left out of a flush because of the congestion. */
  skipped(): void;
  reply(message: Subscribed): void;
  replyError(error: SubscriptionError): void;
}

const NOTHING_KNOWN: Position = new Float64Array(0);
/** Live updates held behind history; past it they are merged as for a slow reader. */
const HELD_MAX = 2_000;

export class Subscription implements Watcher {
  readonly id: string;
  readonly source: LiveSource;
  readonly #writer: UpdateWriter;
  readonly #sink: UpdateSink;
  #contract: ChannelContract;
  #visible: boolean;
  #hasTold = false;
  #channel: LiveChannel | undefined;
  /** While not attached: what the client knows. */
  #known: Position = NOTHING_KNOWN;
  /** Defined while history is loading. */
  #held: UpdateBody[] | undefined;
  #closed = false;

  constructor(id: string, source: LiveSource, contract: Contract, sink: UpdateSink) {
    this.id = id;
    this.source = source;
    this.#writer = updateWriter(id, sink);
    this.#sink = sink;
    this.#contract = toChannelContract(contract);
    this.#visible = contract.visible ?? true;
    source.retain();
  }

  get grant(): Grant {
    const { evaluationIntervalMs } = this.source;
    const grant = { ...this.#contract, width: null, visible: this.#visible };
    return evaluationIntervalMs === undefined ? grant : { ...grant, evaluationIntervalMs };
  }

  /** The answer to the request that opened it or changed its contract. */
  get answer(): Subscribed {
    const { query, stepMs } = this.source;
    const { number } = this.#writer;
    const answer = { type: 'subscribed', id: this.id, query, grant: this.grant, number } as const;
    return stepMs === undefined ? answer : { ...answer, stepMs };
  }

  get closed(): boolean {
    return this.#closed;
  }

  get congested(): boolean {
    return this.#held === undefined && this.#sink.congested;
  }

  /** Brings the client up to date and keeps it so, where the subscription is visible and the session can take it. */
  resume(): void {
    if (this.#closed || this.#channel !== undefined || !this.#visible) return;
    if (this.#held !== undefined || this.#sink.congested) return;
    const channel = this.source.channel(this.#contract);
    const body = channel.refill(this.#known === NOTHING_KNOWN ? undefined : this.#known);
    channel.add(this);
    this.#channel = channel;
    if (body !== undefined && (!this.#hasTold || !body.isEmpty)) {
      this.#hasTold = true;
      this.#writer.whole(body);
    }
    this.#writer.follow();
  }

  /** Says nothing until history has been told. */
  awaitHistory(): void {
    this.#held = [];
  }

  /** Reads the past; what comes live from this moment on is held back behind it. */
  beginHistory(reader: PastReader, historyMs: number): Promise<Iterable<UpdateBody>> {
    const channel = this.source.channel(this.#contract);
    const past = channel.past(reader, historyMs);
    channel.add(this);
    this.#channel = channel;
    return past;
  }

  sendHistory(body: UpdateBody): void {
    if (this.#closed) return;
    this.#hasTold = true;
    this.#writer.past(body);
  }

  /** Ends what `awaitHistory` began: what was held follows, at least one live update. */
  endHistory(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#closed) return;
    this.#hasTold = true;
    this.#writer.held(held);
    if (!this.#visible) this.#detach();
    else if (this.#channel === undefined) this.resume();
    else this.#writer.follow();
  }

  /** Goes on live from nothing, for the past cannot be had. */
  abandonHistory(): void {
    if (this.#held === undefined) return;
    this.#channel?.delete(this);
    this.#channel = undefined;
    this.#held = undefined;
    this.#known = NOTHING_KNOWN;
    this.resume();
  }

  /** Takes effect with the next `resume`. */
  setContract(contract: Contract): void {
    const next = toChannelContract(contract);
    this.#visible = contract.visible ?? true;
    const same =
      next.minIntervalMs === this.#contract.minIntervalMs &&
      next.digits === this.#contract.digits &&
      next.deadband === this.#contract.deadband;
    // While history is loading the old channel goes on; `endHistory` looks at visibility.
    if (this.#held !== undefined) return;
    if (!same || !this.#visible) this.#detach();
    this.#contract = next;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#channel?.delete(this);
    this.#channel = undefined;
    this.source.release();
  }

  joined(wire: ChannelWire): void {
    this.#writer.joined(wire);
  }

  left(): void {
    this.#writer.left();
  }

  deliver(body: UpdateBody): void {
    if (this.#held === undefined) {
      this.#hasTold = true;
      this.#writer.live(body);
      return;
    }
    this.#held.push(body);
    if (this.#held.length >= HELD_MAX) this.#detach();
  }

  park(position: Position): void {
    this.#channel = undefined;
    this.#known = position;
    this.#sink.skipped();
  }

  failed({ code, message }: CodedError): void {
    // The data may be other at the next step.
    this.#sink.replyError({ code, message, id: this.id, retryable: true });
  }

  regranted(): void {
    this.#sink.reply(this.answer);
  }

  #detach(): void {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#known = channel.position();
    this.#channel = undefined;
    channel.delete(this);
  }
}

function toChannelContract({ minIntervalMs, digits, deadband }: Contract): ChannelContract {
  return { minIntervalMs: minIntervalMs ?? 0, digits: digits ?? null, deadband: deadband ?? null };
}
