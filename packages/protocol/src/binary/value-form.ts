/**
 * How one value is written. A series has a *base*: what both sides know of its last value, either a decimal (mantissa
 * and exponent) or the float64 itself; no base at first, and none after a value that is no number.
 *
 * - Without a base a value is written whole: a tag, then what the tag says.
 * - Against a decimal: the difference of mantissas under the same exponent as a signed varint. 0 is never such a
 *   difference, for a value that is the same is not written; it says that a whole value follows.
 * - Against a float: the bytes in which the two differ, without those that are zero at either end. A first byte of 0
 *   says that a whole value follows.
 */
import { EXPONENT_MAX } from './decimal.ts';

/** Kinds of base; every other number is the exponent of a decimal base. */
export const NO_BASE = 127;
export const FLOAT_BASE = 126;

/** In a tag: a decimal, whose exponent is the tag minus this. */
export const TAG_DECIMAL_ZERO: number = EXPONENT_MAX;
export const TAG_DECIMAL_MAX: number = EXPONENT_MAX * 2;
export const TAG_FLOAT = 64;
export const TAG_NAN = 65;
export const TAG_PLUS_INFINITY = 66;
export const TAG_MINUS_INFINITY = 67;
export const TAG_MINUS_ZERO = 68;
export const TAG_STALE = 69;
