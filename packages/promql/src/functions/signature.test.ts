import { expect, test } from 'vitest';
import { RANGE_FUNCTIONS } from './range-functions.ts';
import { functionNames, functionSignature } from './signature.ts';
import { VECTOR_FUNCTIONS } from './vector-functions.ts';

/** Evaluated where their arguments are, since they need more than values. */
const ELSEWHERE = new Set(['absent_over_time', 'info']);

test('every function that is known is there', () => {
  const missing = functionNames().filter(
    (name) => !RANGE_FUNCTIONS.has(name) && !VECTOR_FUNCTIONS.has(name) && !ELSEWHERE.has(name),
  );
  expect(missing).toEqual([]);
});

test('every function that is there is known', () => {
  const unknown = [...RANGE_FUNCTIONS.keys(), ...VECTOR_FUNCTIONS.keys()].filter(
    (name) => functionSignature(name) === undefined,
  );
  expect(unknown).toEqual([]);
});
