import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteScanner } from './byte-scanner.ts';

function scannerOf(text: string): ByteScanner {
  const bytes = Buffer.from(text);
  const scanner = new ByteScanner(bytes);
  scanner.reset(bytes, bytes.length);
  return scanner;
}

test('whole numbers of any size read as Number reads their text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (value) => {
      expect(scannerOf(` ${value}\n`).number()).toBe(Number(value));
    }),
  );
});

test('decimals of up to 15 digits read as Number reads their text', () => {
  fc.assert(
    fc.property(fc.nat(99_999_999), fc.nat(9), (mantissa, decimals) => {
      const text = (mantissa / 10 ** decimals).toFixed(decimals);
      expect(scannerOf(text).number()).toBe(Number(text));
    }),
  );
});

test('hexadecimal numbers, bare and after 0x', () => {
  fc.assert(
    fc.property(fc.nat(), (value) => {
      expect(scannerOf(value.toString(16)).hex()).toBe(value);
      expect(scannerOf(`0x${value.toString(16)}`).number()).toBe(value);
    }),
  );
});

test.each(['abc', '-', '', '12kB', '.', '0x', '1.2.3'])('%j is no number', (text) => {
  expect(scannerOf(text).number()).toBeNaN();
});

test('any bytes are walked to the end without an endless loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (raw) => {
      const bytes = Buffer.from(raw);
      const scanner = new ByteScanner(bytes);
      scanner.reset(bytes, bytes.length);
      let lines = 0;
      while (!scanner.atEnd) {
        scanner.token(58);
        scanner.number();
        scanner.hex();
        scanner.nextLine();
        lines++;
      }
      expect(lines).toBeLessThanOrEqual(bytes.length + 1);
    }),
  );
});
