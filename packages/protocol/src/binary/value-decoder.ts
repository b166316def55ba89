/** The reading side of `value-form.ts`. */
import { STALE_NAN } from '@nowcast/model';
import { badBinary, type ByteReader } from './byte-reader.ts';
import { fromDecimal, MANTISSA_MAX } from './decimal.ts';
import {
  FLOAT_BASE,
  NO_BASE,
  TAG_DECIMAL_MAX,
  TAG_DECIMAL_ZERO,
  TAG_FLOAT,
  TAG_MINUS_INFINITY,
  TAG_MINUS_ZERO,
  TAG_NAN,
  TAG_PLUS_INFINITY,
  TAG_STALE,
} from './value-form.ts';

/** What is known of a series' last value. */
export interface Base {
  kind: number;
  /** The mantissa of a decimal, the value itself of a float. */
  number: number;
}

export function readValue(reader: ByteReader, base: Base): number {
  if (base.kind === NO_BASE) return readWhole(reader, base);
  if (base.kind === FLOAT_BASE) return readAfterFloat(reader, base);
  const difference = reader.signed();
  return difference === 0
    ? readWhole(reader, base)
    : toDecimal(base, base.number + difference, base.kind);
}

/** Reads a whole value, which becomes the base. */
export function readWhole(reader: ByteReader, base: Base): number {
  const tag = reader.u8();
  if (tag <= TAG_DECIMAL_MAX) return toDecimal(base, reader.signed(), tag - TAG_DECIMAL_ZERO);
  if (tag === TAG_FLOAT) {
    base.kind = FLOAT_BASE;
    base.number = reader.f64();
    return base.number;
  }
  base.kind = NO_BASE;
  switch (tag) {
    case TAG_NAN:
      return NaN;
    case TAG_PLUS_INFINITY:
      return Infinity;
    case TAG_MINUS_INFINITY:
      return -Infinity;
    case TAG_MINUS_ZERO:
      return -0;
    case TAG_STALE:
      return STALE_NAN;
    default:
      throw badBinary('a value of no known form');
  }
}

function toDecimal(base: Base, mantissa: number, exponent: number): number {
  if (mantissa > MANTISSA_MAX || mantissa < -MANTISSA_MAX)
    throw badBinary('a value of no known form');
  base.kind = exponent;
  base.number = mantissa;
  return fromDecimal(mantissa, exponent);
}

function readAfterFloat(reader: ByteReader, base: Base): number {
  const head = reader.u8();
  if (head === 0) return readWhole(reader, base);
  const start = head >> 4;
  const length = head & 0x0f;
  if (length === 0 || start + length > 8) throw badBinary('a value of no known form');
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, base.number);
  for (let at = start; at < start + length; at++)
    bytes.setUint8(at, bytes.getUint8(at) ^ reader.u8());
  base.number = bytes.getFloat64(0);
  return base.number;
}
