/** The example of PROTOCOL.md's binary encoding: it is what the encoder writes, and reads as the page says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BodyEncoder } from './body-encoder.ts';
import { encodeBroadcast, encodeBundle, encodeFollow, encodeOwn } from './message-encoder.ts';
import { SessionDecoder } from './session-decoder.ts';

const page = readFileSync(new URL('../../../../PROTOCOL.md', import.meta.url), 'utf8');
const example = page.split('### An example\n')[1]?.split('\n## ')[0] ?? '';
const frames = [...example.matchAll(/^\d\. ↓ `([0-9a-f ]+)`$/gm)].map(([, hex = '']) =>
  Buffer.from(hex.replaceAll(' ', ''), 'hex'),
);
const updates = [...example.matchAll(/^ +reads: `(.+)`$/gm)].map(
  ([, json = '']) => JSON.parse(json) as unknown,
);

test('it is what the encoder writes', () => {
  const add = [{ ref: 0, labels: { __name__: 'node_load1' } }];
  const at = (timeMs: number, values: number[]) => ({
    timeMs,
    refs: values.map(() => 0),
    values,
    same: values.length === 0 ? [0] : [],
  });
  const parts = (groups: ReturnType<typeof at>[]) => ({ add: [], groups, remove: [] });
  const channel = new BodyEncoder(0);
  channel.encode({ add, groups: [at(1_764_000_000_000, [0.42])], remove: [] });
  const bases = channel.encodeBases();
  const place = { channel: 5, seq: 8, baseMs: channel.baseMs, bases };
  const first = { add, groups: [at(1_764_000_000_000, [0.42])], remove: [] };
  const own = encodeOwn(1, new BodyEncoder(1_764_000_000_000).encode(first));
  const written = [
    encodeBundle([own, encodeFollow(1, place)]),
    encodeBroadcast(5, 9, channel.encode(parts([at(1_764_000_001_000, [])]))),
    encodeBroadcast(5, 10, channel.encode(parts([at(1_764_000_002_000, [0.55])]))),
  ];
  expect(frames.map((frame) => frame.toString('hex'))).toEqual(
    written.map((frame) => Buffer.from(frame).toString('hex')),
  );
});

test('it reads as the page says', () => {
  const decoder = new SessionDecoder();
  decoder.decode('{"type":"subscribed","id":"load","query":"node_load1","number":1}');
  expect(frames.flatMap((frame) => decoder.decode(frame))).toEqual(updates);
  expect(updates).toHaveLength(3);
});
