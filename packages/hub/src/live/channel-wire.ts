/**
 * The binary stream of one channel: each flush is encoded once, against what the flush before left, and the same bytes go to
 * all who follow. It costs nothing while nobody follows: whoever is first begins with no bases.
 */
import {
  BodyEncoder,
  encodeBroadcast,
  type BinaryBody,
  type ChannelPlace,
} from '@nowcast/protocol';
import { BinaryMessage } from '../sessions/binary-message.ts';
import { ChannelNumbers } from './channel-numbers.ts';
import type { UpdateBody } from './update-text.ts';

/** A flush as the followers of its channel get it. */
export interface Broadcast {
  readonly message: BinaryMessage;
  /** The same without its head. */
  readonly body: BinaryBody;
}

/** One for all hubs of a process, that a number may stand in shared bytes. */
const numbers = new ChannelNumbers();

export class ChannelWire {
  #followers = 0;
  #channel = 0;
  #seq = 0;
  #encoder: BodyEncoder | undefined;
  #place: ChannelPlace | undefined;

  /** One more follows; to be undone by `release`. */
  retain(): void {
    if (this.#followers++ > 0) return;
    this.#channel = numbers.take();
    this.#encoder = new BodyEncoder(0);
  }

  /** Followers must have been told before that they follow no more: the number may be another channel's next. */
  release(): void {
    if (--this.#followers > 0) return;
    numbers.giveBack(this.#channel);
    this.#encoder = undefined;
    this.#place = undefined;
  }

  /** Where who begins to follow now begins. */
  get place(): ChannelPlace {
    const encoder = this.#encoder as BodyEncoder;
    this.#place ??= {
      channel: this.#channel,
      seq: this.#seq,
      baseMs: encoder.baseMs,
      bases: encoder.encodeBases(),
    };
    return this.#place;
  }

  /** Encodes the next flush where somebody follows. */
  encode(update: UpdateBody): void {
    if (this.#encoder === undefined) return;
    this.#place = undefined;
    this.#seq++;
    const body = this.#encoder.encode(update.parts);
    const message = new BinaryMessage(encodeBroadcast(this.#channel, this.#seq, body));
    update.broadcast = { message, body };
  }
}
