/**
 * The binary messages. The first byte of each: its kind in the upper two bits, what its body has in the lower ones.
 *
 *     broadcast := flags, channel, seq: u8, body           for every subscription that follows the channel
 *     own       := flags, subscription, base: float64, body
 *     follow    := flags, subscription, channel, [seq: u8, base: float64, count, (ref − next, whole value)…]
 *     bundle    := flags, (length, message)…               broadcast, own and follow in order, none of them a bundle
 *
 *     body      := [series], [set of refs that leave], group…   to the end of the message
 *
 * A *channel* is a stream of updates that many subscriptions share: its messages are the same bytes for all of them.
 * What a follower must know to read them is its base: the time of the channel's last group and the bases of its
 * series; `follow` tells it. Channel 0 is none: the subscription follows no more.
 */
export const KIND_BROADCAST = 0x00;
export const KIND_OWN = 0x40;
export const KIND_FOLLOW = 0x80;
export const KIND_BUNDLE = 0xc0;
export const KIND_BITS = 0xc0;

/** The samples are history. */
export const HAS_HISTORY = 0x01;
/** The bases of all series are forgotten first. */
export const STARTS_ANEW = 0x02;
export const HAS_SERIES = 0x04;
export const HAS_LEAVERS = 0x08;
export const FLAG_BITS = 0x0f;

export const NO_CHANNEL = 0;
/** A channel's seq is counted in one byte. */
export const SEQ_COUNT = 256;
