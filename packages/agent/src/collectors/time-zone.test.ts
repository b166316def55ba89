import { expect, test } from 'vitest';
import { zoneAbbreviation } from './time-zone.ts';

/** A version 1 file with the given kinds of time and the order in which they were in force. */
function zoneFile(kinds: readonly (readonly [number, string])[], order: readonly number[]): Buffer {
  const names = Buffer.from(kinds.map(([, name]) => `${name}\0`).join(''));
  const header = Buffer.alloc(44);
  header.write('TZif');
  header.writeUInt32BE(order.length, 32);
  header.writeUInt32BE(kinds.length, 36);
  header.writeUInt32BE(names.length, 40);
  const types = kinds.map(([offset, name]) => {
    const type = Buffer.alloc(6);
    type.writeInt32BE(offset, 0);
    type.writeUInt8(names.indexOf(`${name}\0`), 5);
    return type;
  });
  return Buffer.concat([
    header,
    Buffer.alloc(order.length * 4),
    Buffer.from(order),
    ...types,
    names,
  ]);
}

test('the newest kind of time with the offset has the name', () => {
  const file = zoneFile(
    [
      [3600, 'OLD'],
      [3600, 'CET'],
      [7200, 'CEST'],
    ],
    [0, 1, 2, 1],
  );
  expect(zoneAbbreviation(file, 3600)).toBe('CET');
  expect(zoneAbbreviation(file, 7200)).toBe('CEST');
  expect(zoneAbbreviation(file, 0)).toBeUndefined();
  expect(zoneAbbreviation(zoneFile([[0, 'UTC']], []), 0)).toBe('UTC');
});

test('the part with long times decides where there is one', () => {
  const short = zoneFile([[0, 'NONE']], []);
  const long = zoneFile([[28_800, 'CST']], []);
  short.write('2', 4);
  expect(zoneAbbreviation(Buffer.concat([short, long]), 28_800)).toBe('CST');
});

test('what is no zone file has no name', () => {
  const file = zoneFile([[0, 'UTC']], []);
  for (let length = 0; length < file.length; length++)
    expect(zoneAbbreviation(file.subarray(0, length), 0)).toBeUndefined();
  expect(zoneAbbreviation(Buffer.from('#!/bin/sh\n'.repeat(20)), 0)).toBeUndefined();
});
