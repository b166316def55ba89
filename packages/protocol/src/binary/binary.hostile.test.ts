/** Bytes nobody meant: they are read, or refused with a code; nothing else happens, and nothing big is made of them. */
import { codeOf } from '@nowcast/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyEncoder } from './body-encoder.ts';
import { encodeBroadcast, encodeBundle, encodeFollow, encodeOwn } from './message-encoder.ts';
import { SessionDecoder } from './session-decoder.ts';

const SUBSCRIBED = JSON.stringify({
  type: 'subscribed',
  id: 's',
  query: 'a',
  grant: {},
  number: 1,
});
const series = Array.from({ length: 12 }, (_, ref) => ({ ref, labels: { __name__: `m${ref}` } }));

/** A subscription that knows twelve series and follows channel 2. */
function reader(): SessionDecoder {
  const decoder = new SessionDecoder();
  decoder.decode(SUBSCRIBED);
  const body = new BodyEncoder(0).encode({ add: series, groups: [], remove: [] });
  decoder.decode(encodeOwn(1, body));
  const place = { channel: 2, seq: 7, baseMs: 0, bases: Uint8Array.of(0) };
  decoder.decode(encodeFollow(1, place));
  return decoder;
}

function codeFor(bytes: Uint8Array): string | undefined {
  try {
    reader().decode(bytes);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? `not coded: ${String(error)}`;
  }
}

test('random bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect([undefined, 'bad-binary']).toContain(codeFor(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test('a good message with some bytes changed or missing is read or refused', () => {
  const values = series.map((_, at) => (at % 3 === 0 ? Math.PI * at : at / 100));
  const refs = series.map(({ ref }) => ref);
  const groups = [
    { timeMs: 1_000, refs, values, same: [] },
    { timeMs: 1_500, refs: refs.slice(2, 6), values: values.slice(6, 10), same: [0, 1, 9] },
  ];
  const encoder = new BodyEncoder(0);
  const own = encodeOwn(1, encoder.encode({ add: series, groups, remove: [3, 4] }));
  const place = { channel: 2, seq: 1, baseMs: 3, bases: encoder.encodeBases() };
  const broadcast = encodeBroadcast(2, 2, encoder.encode({ add: [], groups, remove: [0] }));
  const good = encodeBundle([own, encodeFollow(1, place), broadcast]);
  expect(() => reader().decode(good)).toThrow('ref 3 was not defined');
  const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: good.length }),
      (changes, length) => {
        const bytes = good.slice(0, length);
        for (const [at, byte] of changes) bytes[at] = byte;
        expect([undefined, 'bad-binary']).toContain(codeFor(bytes));
      },
    ),
    { numRuns: 2_000 },
  );
});

const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
const OWN = [0x40, 1, 0, 0, 0, 0, 0, 0, 0, 0];
test.each([
  ['a number of more than 53 bits', [0xc0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a table of a million million series', [...OWN.with(0, 0x44), ...HUGE]],
  ['a text of that length', [...OWN.with(0, 0x44), 1, 0, 1, 0, ...HUGE]],
  ['a bundle that is shorter than its message', [0xc0, ...HUGE]],
  ['a bundle in a bundle', [0xc0, 1, 0xc0]],
  ['a run of that many refs', [...OWN, 0, 6, ...HUGE]],
  ['a set of that many runs', [...OWN, 0, 12, ...HUGE]],
  ['refs that are not there leave', [...OWN.with(0, 0x48), 2, 0, ...HUGE]],
  ['a time that is none', [...OWN, 2, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
  ['a value of an unknown kind', [...OWN, 0, 0, 99]],
  ['a set of nobody', [...OWN, 0, 10, 0]],
  ['nothing at all', []],
])('%s is refused', (_, bytes) => {
  expect(codeFor(Uint8Array.from(bytes))).toBe('bad-binary');
});

test('a hole in a channel shows as a hole in the subscription', () => {
  const decoder = reader();
  const empty = new BodyEncoder(0).encode({ add: [], groups: [], remove: [] });
  expect(decoder.decode(encodeBroadcast(2, 8, empty))).toMatchObject([{ seq: 2 }]);
  expect(decoder.decode(encodeBroadcast(2, 10, empty))).toMatchObject([{ seq: 4 }]);
  expect(decoder.decode(encodeBroadcast(2, 11, empty))).toEqual([]);
});

test('what comes for a subscription that is gone is passed over', () => {
  const decoder = reader();
  decoder.decode(JSON.stringify({ type: 'unsubscribed', id: 's' }));
  const body = new BodyEncoder(0).encode({ add: series, groups: [], remove: [] });
  expect(decoder.decode(encodeBundle([encodeBroadcast(2, 8, body), encodeOwn(1, body)]))).toEqual(
    [],
  );
});
