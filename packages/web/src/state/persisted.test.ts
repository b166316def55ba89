import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { persisted } from './persisted.ts';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a choice outlives the page, a default does not', () => {
  const first = persisted('size', 5, [1, 5]);
  expect(stored.size).toBe(0);
  first.value = 1;
  expect(persisted('size', 5, [1, 5]).value).toBe(1);
});

test.each(['7', 'nonsense', '"5"'])('%s in the storage is not a choice', (text) => {
  stored.set('nowcast.size', text);
  expect(persisted('size', 5, [1, 5]).value).toBe(5);
});

test('works without a storage', () => {
  vi.stubGlobal('localStorage', undefined);
  const choice = persisted('size', 5, [1, 5]);
  choice.value = 1;
  expect(choice.value).toBe(1);
});
