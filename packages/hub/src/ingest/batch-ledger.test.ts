import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchLedger } from './batch-ledger.ts';

test('each batch of an epoch is new exactly once, in whatever order and however often it comes', () => {
  const arrivals = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 100 });
  fc.assert(
    fc.property(arrivals, (seqs) => {
      const ledger = new BatchLedger();
      const first = seqs[0] ?? 1;
      const seen = new Set<number>();
      for (const seq of seqs) {
        const verdict = ledger.take('s', 1, seq);
        // Before the first one heard of nothing is known: the store tells those apart.
        if (seq >= first) expect(verdict).toBe(seen.has(seq) ? 'duplicate' : 'new');
        else expect(verdict).toBe('new');
        seen.add(seq);
      }
    }),
  );
});

test('a later epoch starts anew, an earlier one is stale, sources do not meet', () => {
  const ledger = new BatchLedger();
  expect(ledger.take('a', 2, 9)).toBe('new');
  expect(ledger.take('a', 3, 1)).toBe('new');
  expect(ledger.take('a', 2, 10)).toBe('stale-epoch');
  expect(ledger.take('b', 1, 1)).toBe('new');
  expect(ledger.take('a', 3, 1)).toBe('duplicate');
});
