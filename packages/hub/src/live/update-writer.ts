/**
 * How the updates of one subscription become messages. In text each is a message of the subscription's own around a body it
 * shares. In the binary encoding what a channel says is one message for all who follow it; what brings a subscription to the
 * channel's state is its own, and `follow` behind it says: from here on listen to the channel.
 */
import {
  BodyEncoder,
  encodeFollow,
  encodeOwn,
  encodeUnfollow,
  type BinaryBody,
  type ChannelPlace,
} from '@nowcast/protocol';
import { BinaryMessage } from '../sessions/binary-message.ts';
import type { ChannelWire } from './channel-wire.ts';
import { encodeUpdateBody, updatePrefix, type UpdateBody } from './update-text.ts';

/** Where messages go. */
export interface UpdateOutlet {
  /** A number for a new subscription where updates go in the binary encoding. */
  nextNumber(): number | undefined;
  update(text: string, body: UpdateBody): void;
  binaryUpdate(message: BinaryMessage, samples: number): void;
}

export interface UpdateWriter {
  /** What stands for the id in binary messages. */
  readonly number: number | undefined;
  /** The channel begins to be listened to: what it says from now on is to be told, now or held back. */
  joined(wire: ChannelWire): void;
  left(): void;
  /** What stands by itself: all that brings the client to where the channel is. */
  whole(body: UpdateBody): void;
  /** A part of the past; each goes on from the one before. */
  past(body: UpdateBody): void;
  /** What the channel said since `joined` and was held back. */
  held(bodies: readonly UpdateBody[]): void;
  /** The client stands where the channel stands. */
  follow(): void;
  /** What the channel says, once it is followed. */
  live(body: UpdateBody): void;
}

export function updateWriter(id: string, outlet: UpdateOutlet): UpdateWriter {
  const number = outlet.nextNumber();
  return number === undefined ? new TextWriter(id, outlet) : new BinaryWriter(number, outlet);
}

const EMPTY: UpdateBody = encodeUpdateBody({ add: [], groups: [], remove: [] });

class TextWriter implements UpdateWriter {
  readonly number: undefined;
  readonly #idText: string;
  readonly #outlet: UpdateOutlet;
  #seq = 0;

  constructor(id: string, outlet: UpdateOutlet) {
    this.#idText = JSON.stringify(id);
    this.#outlet = outlet;
  }

  joined(): void {}

  left(): void {}

  whole(body: UpdateBody): void {
    this.#seq++;
    this.#outlet.update(updatePrefix(this.#idText, this.#seq), body);
  }

  past(body: UpdateBody): void {
    this.whole(body);
  }

  held(bodies: readonly UpdateBody[]): void {
    for (const body of bodies.length === 0 ? [EMPTY] : bodies) this.whole(body);
  }

  follow(): void {}

  live(body: UpdateBody): void {
    this.whole(body);
  }
}

class BinaryWriter implements UpdateWriter {
  readonly number: number;
  readonly #outlet: UpdateOutlet;
  #wire: ChannelWire | undefined;
  /** Where the channel stood when it was joined. */
  #start: ChannelPlace | undefined;
  #past: BodyEncoder | undefined;
  #following = false;

  constructor(number: number, outlet: UpdateOutlet) {
    this.number = number;
    this.#outlet = outlet;
  }

  joined(wire: ChannelWire): void {
    wire.retain();
    this.#wire = wire;
    this.#start = wire.place;
  }

  left(): void {
    if (this.#following) this.#send(encodeUnfollow(this.number), 0);
    this.#following = false;
    this.#wire?.release();
    this.#wire = undefined;
  }

  whole(body: UpdateBody): void {
    this.#own(body.whole, body.samples);
  }

  past(body: UpdateBody): void {
    this.#past ??= new BodyEncoder(0);
    this.#own(this.#past.encode(body.parts), body.samples);
  }

  held(bodies: readonly UpdateBody[]): void {
    this.#past = undefined;
    if (bodies.length === 0) {
      this.whole(EMPTY);
      return;
    }
    // They were encoded against the state the channel had when it was joined.
    this.#send(encodeFollow(this.number, this.#start as ChannelPlace), 0);
    for (const { broadcast, samples } of bodies)
      if (broadcast !== undefined) this.#own(broadcast.body, samples);
    if (this.#wire === undefined) this.#send(encodeUnfollow(this.number), 0);
  }

  follow(): void {
    if (this.#wire === undefined) return;
    this.#following = true;
    this.#send(encodeFollow(this.number, this.#wire.place), 0);
  }

  live({ broadcast, samples }: UpdateBody): void {
    if (broadcast !== undefined) this.#outlet.binaryUpdate(broadcast.message, samples);
  }

  #own(body: BinaryBody, samples: number): void {
    this.#send(encodeOwn(this.number, body), samples);
  }

  #send(message: Uint8Array, samples: number): void {
    this.#outlet.binaryUpdate(new BinaryMessage(message), samples);
  }
}
