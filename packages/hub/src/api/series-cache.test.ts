import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeriesCache, UNKNOWN_SERIES } from './series-cache.ts';

describe('known series', () => {
  test('are found by their bytes and no others, in any order', () => {
    const keys = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9, max: 2 }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(keys, fc.integer({ min: 16, max: 4_096 }), (asked, bytesMax) => {
        const cache = new SeriesCache(bytesMax);
        const refs = new Map<string, number>();
        for (const bytes of asked) {
          const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
          const key = bytes.join(',');
          // What is expected is one of those that were said before, as it was said.
          const end = cache.expect(view, 0, bytes.length);
          if (end >= 0) expect(cache.refFound).toBe(refs.get(bytes.slice(0, end).join(',')));
          const found = cache.find(view, 0, bytes.length);
          const ref = refs.get(key) ?? refs.size;
          // What was forgotten over the limit is unknown again, never somebody else.
          if (found !== UNKNOWN_SERIES) expect(found).toBe(ref);
          else cache.add(view, { from: 0, to: bytes.length }, ref);
          refs.set(key, ref);
          expect(cache.find(view, 0, bytes.length)).toBe(ref);
        }
      }),
    );
  });

  test('past the limit the memory starts anew', () => {
    const cache = new SeriesCache(8);
    const view = new DataView(Uint8Array.of(1, 2, 3, 4, 5, 6).buffer);
    cache.add(view, { from: 0, to: 4 }, 7);
    cache.add(view, { from: 1, to: 6 }, 8);
    expect(cache.size).toBe(1);
    expect(cache.find(view, 0, 4)).toBe(UNKNOWN_SERIES);
    expect(cache.find(view, 1, 6)).toBe(8);
  });
});
