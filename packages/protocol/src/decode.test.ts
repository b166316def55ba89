import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameBits, STALE_NAN } from '@nowcast/model';
import { decodeUp } from './decode.ts';
import { encodeFrame } from './encode.ts';
import { fromWireValue, toWireValue } from './fields/value.ts';
import type { UpMessage } from './up.ts';

const MESSAGES: readonly UpMessage[] = [
  { type: 'hello', versions: [1], token: 't', client: { name: 'c', version: '1' } },
  { type: 'subscribe', id: 'a', query: 'up', historyMs: 1_000, contract: { minIntervalMs: 100 } },
  { type: 'unsubscribe', id: 'a' },
  {
    type: 'publish',
    source: 's',
    epoch: 1,
    seq: 2,
    series: [{ ref: 0, labels: { __name__: 'x' }, type: 'gauge', unit: 'bytes' }],
    groups: [{ timeMs: 1, refs: [0], values: ['NaN'] }, { values: [1] }],
  },
  { type: 'watch', lane: 'alerts' },
  { type: 'unwatch', lane: 'alerts' },
  { type: 'ping', timeMs: 5 },
  { type: 'pong', timeMs: 5, receivedMs: 6 },
];

describe('decodeUp', () => {
  it.each(MESSAGES)('reads what encodeFrame wrote: $type', (message) => {
    expect(decodeUp(encodeFrame([message]))).toEqual([{ ok: true, message }]);
  });

  it('reads many messages in one frame, each for itself', () => {
    const results = decodeUp(JSON.stringify([MESSAGES[6], { type: 'ping' }, 5, MESSAGES[2]]));
    expect(results.map((one) => one.ok)).toEqual([true, false, false, true]);
  });

  it.each([
    ['{', 'bad-json', /not JSON/],
    ['"心跳"', 'invalid-message', /object with a `type`/],
    ['null', 'invalid-message', /object with a `type`/],
    ['{"type":"toString"}', 'unknown-type', /"toString"/],
    ['{"type":"subscribe","id":7,"query":"up"}', 'invalid-message', /subscribe\.id/],
    [
      '{"type":"publish","source":"s","epoch":1,"seq":1,"groups":[{"refs":[1],"values":[]}]}',
      'invalid-message',
      /same length/,
    ],
    [
      '{"type":"publish","source":"s","epoch":1,"seq":1,"groups":[{"values":["x"]}]}',
      'invalid-message',
      /groups\.0\.values/,
    ],
  ])('says what is wrong with %s', (frame, code, message) => {
    const [result] = decodeUp(frame);
    expect(result).toMatchObject({ ok: false, code });
    expect(result?.ok === false && result.message).toMatch(message);
  });

  it('names the subscription a bad message speaks of', () => {
    expect(decodeUp('{"type":"subscribe","id":"a"}')[0]).toMatchObject({ ok: false, id: 'a' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (frame) => void decodeUp(frame)));
  });
});

it('every float64 survives the wire', () => {
  const special = fc.constantFrom(NaN, STALE_NAN, Infinity, -Infinity, -0, 5e-324, 2 ** 53);
  fc.assert(
    fc.property(fc.oneof(fc.double(), special), (value) => {
      const wire = JSON.parse(JSON.stringify(toWireValue(value))) as ReturnType<typeof toWireValue>;
      expect(sameBits(fromWireValue(wire), value)).toBe(true);
    }),
  );
});
