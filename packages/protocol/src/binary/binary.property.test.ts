/** What is written is what is read, bit for bit, by those who read all of it and by those who came late. */
import { STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DownMessage } from '../down.ts';
import type { SeriesDefinition } from '../fields/series.ts';
import { toWireValue } from '../fields/value.ts';
import type { Update } from '../messages/update.ts';
import { BodyEncoder, type UpdateParts } from './body-encoder.ts';
import type { SampleGroup } from './group-encoder.ts';
import { encodeBroadcast, encodeBundle, encodeFollow, encodeOwn } from './message-encoder.ts';
import { SessionDecoder } from './session-decoder.ts';

const SERIES = 40;

const value = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 9_999 }).map((digits) => digits / 100) },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.double({ noNaN: true }).map((one) => Number(one.toPrecision(4))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(NaN, STALE_NAN, Infinity, -Infinity, -0, 0, 2 ** 53, 5e-324, 1e22),
  },
);
const timeMs = fc.oneof(
  fc.nat({ max: 5_000 }).map((ms) => 1_764_000_000_000 + ms),
  // No −0: as a time it is 0.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((ms) => ms + 0),
);

/** Per series nothing, the same value, or a new one. */
const group: fc.Arbitrary<SampleGroup> = fc
  .record({
    timeMs,
    told: fc.array(fc.tuple(fc.nat({ max: SERIES - 1 }), fc.option(value)), { maxLength: SERIES }),
  })
  .map(({ timeMs: at, told }) => {
    const draft = {
      timeMs: at,
      refs: [] as number[],
      values: [] as number[],
      same: [] as number[],
    };
    for (const [ref, one] of new Map(told))
      if (one === null) draft.same.push(ref);
      else {
        draft.refs.push(ref);
        draft.values.push(one);
      }
    return draft;
  });

function definition(ref: number, label: string): SeriesDefinition {
  const base = { ref, labels: { __name__: `m${ref % 3}`, k: label, __proto__x: '漢' } };
  return ref % 2 === 0 ? base : { ...base, type: 'counter', unit: 's', help: label };
}

const label = fc.string({ unit: 'grapheme', maxLength: 8 });
const joinAll = label.map((text) =>
  Array.from({ length: SERIES }, (_, at) => definition(at, text)),
);

function ranges(refs: readonly number[]): number[] {
  const flat: number[] = [];
  for (const ref of refs.toSorted((a, b) => a - b))
    if (flat.length > 0 && flat.at(-1) === ref - 1) flat[flat.length - 1] = ref;
    else flat.push(ref, ref);
  return flat;
}

/** The update that parts are read back as. */
function expected(seq: number, { history, add, groups, remove }: UpdateParts): Update {
  return {
    type: 'update',
    id: 's',
    seq,
    ...(history === true && { history }),
    ...(add.length > 0 && { add }),
    groups: groups
      .filter(({ refs, same }) => refs.length + same.length > 0)
      .map((one) => {
        const order = one.refs.map((_, at) => at);
        order.sort((a, b) => (one.refs[a] as number) - (one.refs[b] as number));
        return {
          timeMs: one.timeMs,
          refs: order.map((at) => one.refs[at] as number),
          values: order.map((at) => toWireValue(one.values[at] as number)),
          ...(one.same.length > 0 && { same: ranges(one.same) }),
        };
      }),
    ...(remove.length > 0 && { remove: remove.toSorted((a, b) => a - b) }),
  };
}

function reader(): SessionDecoder {
  const decoder = new SessionDecoder();
  const grant = { minIntervalMs: 0, digits: null, deadband: null, width: null, visible: true };
  const subscribed: DownMessage = { type: 'subscribed', id: 's', query: 'a', grant, number: 3 };
  decoder.decode(JSON.stringify(subscribed));
  return decoder;
}

test('updates of one subscription read back as they were', () => {
  fc.assert(
    fc.property(joinAll, fc.array(fc.array(group, { maxLength: 4 })), (add, updates) => {
      const encoder = new BodyEncoder(0);
      const decoder = reader();
      updates.forEach((groups, at) => {
        const parts = { history: at % 2 === 0, add: at === 0 ? add : [], groups, remove: [] };
        const message = encodeOwn(3, encoder.encode(parts));
        expect(decoder.decode(message)).toEqual([expected(at + 1, parts)]);
      });
    }),
  );
});

test('whoever begins to follow a channel late reads the same from there on', () => {
  fc.assert(
    fc.property(
      joinAll,
      fc.array(group, { maxLength: 12 }),
      fc.nat({ max: 12 }),
      (add, groups, late) => {
        const channel = new BodyEncoder(1_764_000_000_000);
        const decoder = reader();
        let seq = 250;
        let told = 0;
        const follow = (): void => {
          const first = { add, groups: [], remove: [] };
          const own = encodeOwn(3, new BodyEncoder(0).encode(first));
          const bases = channel.encodeBases();
          const place = { channel: 9, seq, baseMs: channel.baseMs, bases };
          const read = decoder.decode(encodeBundle([own, encodeFollow(3, place)]));
          expect(read).toEqual([expected(++told, first)]);
        };
        groups.forEach((one, at) => {
          if (at === late) follow();
          const parts = { add: [], groups: [one], remove: [] };
          const message = encodeBroadcast(9, ++seq, channel.encode(parts));
          const read = decoder.decode(message);
          expect(read).toEqual(at < late ? [] : [expected(++told, parts)]);
        });
      },
    ),
  );
});

test('series leave, and begin anew when they come back', () => {
  const encoder = new BodyEncoder(0);
  const decoder = reader();
  const add = [definition(0, 'a'), definition(1, 'b')];
  const at = (ms: number, number: number): SampleGroup => ({
    timeMs: ms,
    refs: [0, 1],
    values: [number, number / 3],
    same: [],
  });
  const all: UpdateParts[] = [
    { add, groups: [at(1, 1.5)], remove: [] },
    { add: [], groups: [at(2, 2.5)], remove: [1] },
    { add: [definition(1, 'b')], groups: [at(3, 4.25)], remove: [0, 1] },
  ];
  for (const [index, parts] of all.entries())
    expect(decoder.decode(encodeOwn(3, encoder.encode(parts)))).toEqual([
      expected(index + 1, parts),
    ]);
});

test('a ref told twice at one time is read as two groups of that time', () => {
  const encoder = new BodyEncoder(0);
  const decoder = reader();
  const twice = { timeMs: 5, refs: [0, 0], values: [1, 2], same: [0] };
  const parts = { add: [definition(0, 'a')], groups: [twice], remove: [] };
  const [update] = decoder.decode(encodeOwn(3, encoder.encode(parts)));
  expect(update).toMatchObject({
    groups: [
      { timeMs: 5, refs: [0], values: [1] },
      { timeMs: 5, refs: [0], values: [2] },
      { timeMs: 5, refs: [], same: [0, 0] },
    ],
  });
});
