import { expect, test } from 'vitest';
import { ChannelNumbers } from './channel-numbers.ts';
import { ChannelWire } from './channel-wire.ts';
import { encodeUpdateBody } from './update-text.ts';

const update = (timeMs: number) =>
  encodeUpdateBody({ add: [], groups: [{ timeMs, refs: [0], values: [1], same: [] }], remove: [] });

test('a flush is encoded only while somebody follows', () => {
  const wire = new ChannelWire();
  const before = update(1);
  wire.encode(before);
  expect(before.broadcast).toBeUndefined();
  wire.retain();
  const followed = update(2);
  wire.encode(followed);
  expect(followed.broadcast?.message.frame).toBe(followed.broadcast?.message.frame);
  wire.release();
  const after = update(3);
  wire.encode(after);
  expect(after.broadcast).toBeUndefined();
});

test('a follower begins where the channel stands, with the same number as all others', () => {
  const wire = new ChannelWire();
  wire.retain();
  const { channel, seq } = wire.place;
  wire.encode(update(5));
  wire.retain();
  expect(wire.place).toMatchObject({ channel, seq: seq + 1, baseMs: 5 });
  expect(wire.place).toBe(wire.place);
  wire.release();
  expect(wire.place.channel).toBe(channel);
  wire.release();
});

test('numbers stay small', () => {
  const numbers = new ChannelNumbers();
  expect([numbers.take(), numbers.take()]).toEqual([1, 2]);
  numbers.giveBack(1);
  expect([numbers.take(), numbers.take()]).toEqual([1, 3]);
});
