/**
 * Reads what the hub sends over one connection, text and binary, as messages that are equal whichever way they came. It
 * knows which subscription has which number (`subscribed` tells) and which ones follow a channel; a broadcast becomes
 * one `update` for each of these. Numbers of subscriptions that are gone are passed over: what was under way for them
 * may still arrive.
 */
import type { DownMessage } from '../down.ts';
import { decodeDown } from '../encode.ts';
import type { Update } from '../messages/update.ts';
import { BodyDecoder } from './body-decoder.ts';
import { badBinary, ByteReader } from './byte-reader.ts';
import {
  FLAG_BITS,
  KIND_BITS,
  KIND_BROADCAST,
  KIND_BUNDLE,
  KIND_OWN,
  NO_CHANNEL,
  SEQ_COUNT,
} from './message-form.ts';

interface Reading {
  readonly id: string;
  readonly body: BodyDecoder;
  /** Of its last update. */
  seq: number;
  channel: number;
  channelSeq: number;
}

export class SessionDecoder {
  readonly #readings = new Map<number, Reading>();
  readonly #followers = new Map<number, Set<Reading>>();

  /**
   * @throws {SyntaxError} when a text is not JSON.
   * @throws {CodedError} `bad-binary`
   */
  decode(frame: string | Uint8Array): readonly DownMessage[] {
    if (typeof frame !== 'string') return this.#binary(frame, true);
    const messages = decodeDown(frame);
    for (const message of messages) this.#note(message);
    return messages;
  }

  #note(message: DownMessage): void {
    if (message.type === 'subscribed' && message.number !== undefined) {
      if (this.#readings.has(message.number)) return;
      const reading = { id: message.id, body: new BodyDecoder(), seq: 0 };
      this.#readings.set(message.number, { ...reading, channel: NO_CHANNEL, channelSeq: 0 });
    }
    if (message.type !== 'unsubscribed') return;
    for (const [number, reading] of this.#readings)
      if (reading.id === message.id) {
        this.#unfollow(reading);
        this.#readings.delete(number);
      }
  }

  #binary(bytes: Uint8Array, mayBundle: boolean): readonly Update[] {
    const reader = new ByteReader(bytes);
    const head = reader.u8();
    const kind = head & KIND_BITS;
    const flags = head & FLAG_BITS;
    if (kind === KIND_BUNDLE) {
      if (!mayBundle) throw badBinary('a bundle in a bundle');
      return this.#bundle(reader);
    }
    if (kind === KIND_BROADCAST) return this.#broadcast(bytes, reader, flags);
    const reading = this.#readings.get(reader.varint());
    if (reading === undefined) return [];
    if (kind !== KIND_OWN) return this.#follow(reader, reading);
    reading.body.baseMs = reader.f64();
    return [this.#update(reader, flags, reading)];
  }

  #bundle(reader: ByteReader): readonly Update[] {
    const updates: Update[] = [];
    while (reader.left > 0) updates.push(...this.#binary(reader.bytes(reader.varint()), false));
    return updates;
  }

  #broadcast(bytes: Uint8Array, head: ByteReader, flags: number): readonly Update[] {
    const followers = this.#followers.get(head.varint()) ?? [];
    const seq = head.u8();
    const body = bytes.subarray(bytes.length - head.left);
    return Array.from(followers, (reading) => {
      reading.channelSeq = (reading.channelSeq + 1) % SEQ_COUNT;
      if (reading.channelSeq === seq) return this.#update(new ByteReader(body), flags, reading);
      // The hole shows in the subscription's own count, where its owner looks for it.
      this.#unfollow(reading);
      reading.seq += 2;
      return { type: 'update', id: reading.id, seq: reading.seq, groups: [] };
    });
  }

  #follow(reader: ByteReader, reading: Reading): readonly Update[] {
    this.#unfollow(reading);
    const channel = reader.varint();
    if (channel === NO_CHANNEL) return [];
    reading.channel = channel;
    reading.channelSeq = reader.u8();
    const baseMs = reader.f64();
    reading.body.readBases(reader);
    reading.body.baseMs = baseMs;
    const followers = this.#followers.get(channel);
    if (followers) followers.add(reading);
    else this.#followers.set(channel, new Set([reading]));
    return [];
  }

  #unfollow(reading: Reading): void {
    const followers = this.#followers.get(reading.channel);
    followers?.delete(reading);
    if (followers?.size === 0) this.#followers.delete(reading.channel);
    reading.channel = NO_CHANNEL;
  }

  #update(reader: ByteReader, flags: number, reading: Reading): Update {
    const body = reading.body.decode(reader, flags);
    return { type: 'update', id: reading.id, seq: ++reading.seq, ...body };
  }
}
