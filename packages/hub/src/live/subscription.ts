/**
 * One subscription of one session. Its updates are numbered without a hole, and between them they tell every
 * change of the selection that its contract lets through, whatever state it went through meanwhile:
 *
 * - `hidden`: nobody looks, or the session cannot take more. Remembers what the client knows and costs nothing.
 * - `loading`: history is on its way; live updates are held back behind it.
 * - `live`: a watcher of the channel of its contract.
 */
import type { Contract, Grant } from '@nowcast/protocol';
import type { Channel, ChannelContract, Position, Watcher } from './channel.ts';
import type { HistoryStart } from './history.ts';
import type { Selection } from './selection.ts';
import type { ChannelWire } from './channel-wire.ts';
import type { UpdateBody } from './update-text.ts';
import { updateWriter, type UpdateOutlet, type UpdateWriter } from './update-writer.ts';

/** The session, as a subscription sees it. */
export interface UpdateSink extends UpdateOutlet {
  /** The send queue is full: send nothing more that can be merged. */
  readonly congested: boolean;
  /** A subscription was left out of a flush because of the congestion. */
  skipped(): void;
}

const NOTHING_KNOWN: Position = new Float64Array(0);
/** Live updates held behind history; past it they are merged as for a slow reader. */
const HELD_MAX = 2_000;

export class Subscription implements Watcher {
  readonly id: string;
  readonly selection: Selection;
  readonly #writer: UpdateWriter;
  readonly #sink: UpdateSink;
  #contract: ChannelContract;
  #visible: boolean;
  #hasTold = false;
  #channel: Channel | undefined;
  /** While not attached: what the client knows. */
  #known: Position = NOTHING_KNOWN;
  /** Defined while history is loading. */
  #held: UpdateBody[] | undefined;
  #closed = false;

  constructor(id: string, selection: Selection, contract: Contract, sink: UpdateSink) {
    this.id = id;
    this.selection = selection;
    this.#writer = updateWriter(id, sink);
    this.#sink = sink;
    this.#contract = toChannelContract(contract);
    this.#visible = contract.visible ?? true;
    selection.retain();
  }

  get grant(): Grant {
    return { ...this.#contract, width: null, visible: this.#visible };
  }

  /** What stands for the id in binary messages. */
  get number(): number | undefined {
    return this.#writer.number;
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
    const channel = this.selection.channel(this.#contract);
    channel.add(this);
    this.#channel = channel;
    const body = channel.refill(this.#known === NOTHING_KNOWN ? undefined : this.#known);
    if (!this.#hasTold || !body.isEmpty) this.#writer.whole(body);
    this.#hasTold = true;
    this.#writer.follow();
  }

  /** Starts holding live updates back; returns the channel's state from which they go on. */
  beginHistory(): HistoryStart {
    const channel = this.selection.channel(this.#contract);
    channel.add(this);
    this.#channel = channel;
    this.#held = [];
    return { channel, cut: channel.position(), cutValues: channel.values() };
  }

  sendHistory(body: UpdateBody): void {
    if (this.#closed) return;
    this.#hasTold = true;
    this.#writer.past(body);
  }

  /** Ends what `beginHistory` began: what was held follows, at least one live update. */
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
    this.selection.release();
  }

  joined(wire: ChannelWire): void {
    this.#writer.joined(wire);
  }

  left(): void {
    this.#writer.left();
  }

  deliver(body: UpdateBody): void {
    if (this.#held === undefined) {
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
