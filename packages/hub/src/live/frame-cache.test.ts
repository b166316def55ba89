import { expect, test } from 'vitest';
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
