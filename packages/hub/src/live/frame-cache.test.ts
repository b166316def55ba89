import { expect, test } from 'vitest';
import { BinaryMessage } from '../sessions/binary-message.ts';
import { FrameCache } from './frame-cache.ts';
import { encodeUpdateBody, updatePrefix } from './update-text.ts';

const body = encodeUpdateBody({ add: [], groups: [], remove: [3] });
const update = (id: string, seq: number) => ({ text: updatePrefix(JSON.stringify(id), seq), body });

test('equal messages are the very same bytes, others share the body alone', () => {
  const frames = new FrameCache();
  const frame = frames.frame([update('a', 1)], false);
  expect(frames.frame([update('a', 1)], false)).toBe(frame);
  expect(frames.frame([update('a', 2)], false)).not.toBe(frame);
  expect(frames.frame([update('b', 1)], false)).not.toBe(frame);
  expect(frames.frame([update('a', 1)], true)).not.toBe(frame);
  const equalBody = encodeUpdateBody({ add: [], groups: [], remove: [4] });
  expect(frames.frame([{ ...update('a', 1), body: equalBody }], false)).not.toBe(frame);
});

test('one message stands by itself, several are an array in order', () => {
  const frames = new FrameCache();
  const text = (frame: Buffer): unknown =>
    JSON.parse(frame.subarray(frame[1] === 126 ? 4 : 2).toString());
  const a = { type: 'update', id: 'a', seq: 1, groups: [], remove: [3] };
  expect(text(frames.frame([update('a', 1)], false))).toEqual(a);
  expect(
    text(frames.frame([{ text: '{"type":"x"}' }, update('a', 1), { text: '{"type":"y"}' }], false)),
  ).toEqual([{ type: 'x' }, a, { type: 'y' }]);
});

test('a binary message by itself is its own frame, several are a bundle between texts', () => {
  const frames = new FrameCache();
  const one = new BinaryMessage(Uint8Array.of(0x00, 1, 7));
  const two = new BinaryMessage(Uint8Array.of(0x80, 2, 0));
  expect(frames.frame([one], true)).toBe(one.frame);
  expect([...one.frame]).toEqual([0x82, 3, 0x00, 1, 7]);
  const messages = [{ text: '{}' }, one, two, { text: '1' }, { text: '2' }];
  const frame = frames.frame(messages, false);
  const bundle = [0x82, 9, 0xc0, 3, 0x00, 1, 7, 3, 0x80, 2, 0];
  expect([...frame]).toEqual([
    ...Buffer.from('\x81\x02{}', 'latin1'),
    ...bundle,
    ...Buffer.from('\x81\x05[1,2]', 'latin1'),
  ]);
  expect(
    frames.frame(
      messages.map((message) => ('text' in message ? { ...message } : message)),
      false,
    ),
  ).toBe(frame);
});
