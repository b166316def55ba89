/** The heads of binary messages; `message-form.ts` has the picture. */
import type { BinaryBody } from './body-encoder.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  KIND_BROADCAST,
  KIND_BUNDLE,
  KIND_FOLLOW,
  KIND_OWN,
  NO_CHANNEL,
  SEQ_COUNT,
  STARTS_ANEW,
} from './message-form.ts';

/** Where a channel stands. */
export interface ChannelPlace {
  /** From 1. */
  readonly channel: number;
  /** Of the channel's last broadcast. */
  readonly seq: number;
  readonly baseMs: number;
  /** As `BodyEncoder.encodeBases` tells them. */
  readonly bases: Uint8Array;
}

/** A message for all followers of a channel. */
export function encodeBroadcast(channel: number, seq: number, body: BinaryBody): Uint8Array {
  const out = new ByteWriter();
  // A follower knows the state from `follow`; it must not forget it.
  out.u8(KIND_BROADCAST | (body.flags & ~STARTS_ANEW));
  out.varint(channel);
  out.u8(seq % SEQ_COUNT);
  out.bytes(body.bytes);
  return out.take();
}

/** A message for one subscription. */
export function encodeOwn(subscription: number, body: BinaryBody): Uint8Array {
  const out = new ByteWriter();
  out.u8(KIND_OWN | body.flags);
  out.varint(subscription);
  out.f64(body.baseMs);
  out.bytes(body.bytes);
  return out.take();
}

/** From here on a subscription gets the broadcasts of a channel. */
export function encodeFollow(subscription: number, place: ChannelPlace): Uint8Array {
  const out = new ByteWriter();
  out.u8(KIND_FOLLOW);
  out.varint(subscription);
  out.varint(place.channel);
  out.u8(place.seq % SEQ_COUNT);
  out.f64(place.baseMs);
  out.bytes(place.bases);
  return out.take();
}

/** From here on a subscription gets no broadcasts. */
export function encodeUnfollow(subscription: number): Uint8Array {
  const out = new ByteWriter();
  out.u8(KIND_FOLLOW);
  out.varint(subscription);
  out.varint(NO_CHANNEL);
  return out.take();
}

/** Several messages as one. */
export function encodeBundle(messages: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  out.u8(KIND_BUNDLE);
  for (const message of messages) {
    out.varint(message.length);
    out.bytes(message);
  }
  return out.take();
}
