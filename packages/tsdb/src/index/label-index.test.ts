import { createMatcher, LabelSet, matchesAll, type Matcher } from '@nowcast/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LabelIndex } from './label-index.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd');
const value = fc.constantFrom('', 'x', 'y', 'z', 'xy', '名');
const labels = fc.dictionary(name, value).map((record) => LabelSet.from(record));
const matcher = fc
  .tuple(
    name,
    fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
    fc.constantFrom('', 'x', 'y', '名', 'x|z', '.*', '.+', 'x.?', '|y', '[^x]+'),
  )
  .map(([label, op, pattern]): Matcher => createMatcher(label, op, pattern));

it('selects what a plain filter would, also after series are removed', () => {
  fc.assert(
    fc.property(
      fc.array(labels, { maxLength: 40 }),
      fc.array(matcher, { maxLength: 4 }),
      fc.func(fc.boolean()),
      (sets, matchers, isGone) => {
        const index = new LabelIndex();
        sets.forEach((set, ref) => index.add(ref, set));
        const expected = (kept: (ref: number) => boolean): number[] =>
          [...sets.keys()].filter(
            (ref) => kept(ref) && matchesAll(matchers, sets[ref] ?? LabelSet.EMPTY),
          );
        expect([...index.select(matchers)]).toEqual(expected(() => true));
        const gone = new Set([...sets.keys()].filter((ref) => isGone(ref)));
        index.remove(
          [...gone].map((ref) => sets[ref] ?? LabelSet.EMPTY),
          (ref) => gone.has(ref),
        );
        expect([...index.select(matchers)]).toEqual(expected((ref) => !gone.has(ref)));
        expect(index.size).toBe(sets.length - gone.size);
      },
    ),
    { numRuns: 500 },
  );
});
