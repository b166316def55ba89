/** The writing side of `value-form.ts`: one base per series, by ref. */
import { isStaleMarker } from '@nowcast/model';
import type { ByteWriter } from './byte-writer.ts';
import { mantissaOf, shortestExponent } from './decimal.ts';
import {
  FLOAT_BASE,
  NO_BASE,
  TAG_DECIMAL_ZERO,
  TAG_FLOAT,
  TAG_MINUS_INFINITY,
  TAG_MINUS_ZERO,
  TAG_NAN,
  TAG_PLUS_INFINITY,
  TAG_STALE,
} from './value-form.ts';

const CAPACITY_MIN = 16;
/** A decimal shorter than this is worth leaving the float form for, where noise comes and goes. */
const SHORT_MANTISSA_MAX = 2 ** 27;

export class ValueEncoder {
  #kinds: Int8Array = new Int8Array(CAPACITY_MIN).fill(NO_BASE);
  #bases: Float64Array = new Float64Array(CAPACITY_MIN);
  readonly #xor = new Uint8Array(8);
  readonly #now = new DataView(new ArrayBuffer(8));
  readonly #before = new DataView(new ArrayBuffer(8));

  /** Refs that have a base, rising. */
  *based(): Generator<number, void, undefined> {
    for (const [ref, kind] of this.#kinds.entries()) if (kind !== NO_BASE) yield ref;
  }

  /** Writes the base of a series as a whole value. */
  writeBase(out: ByteWriter, ref: number): void {
    const kind = this.#kinds[ref] as number;
    const base = this.#bases[ref] as number;
    if (kind === FLOAT_BASE) {
      out.u8(TAG_FLOAT);
      out.f64(base);
    } else {
      out.u8(TAG_DECIMAL_ZERO + kind);
      out.signed(base);
    }
  }

  write(out: ByteWriter, ref: number, value: number): void {
    this.#reserve(ref + 1);
    const kind = this.#kinds[ref] as number;
    if (kind === FLOAT_BASE) this.#writeAfterFloat(out, ref, value);
    else if (kind === NO_BASE) this.#writeWhole(out, ref, value);
    else this.#writeAfterDecimal(out, ref, value);
  }

  /** The series begins anew, or is gone. */
  forget(ref: number): void {
    if (ref < this.#kinds.length) this.#kinds[ref] = NO_BASE;
  }

  #writeAfterDecimal(out: ByteWriter, ref: number, value: number): void {
    const mantissa = mantissaOf(value, this.#kinds[ref] as number);
    const difference = mantissa - (this.#bases[ref] as number);
    if (difference !== 0 && difference === difference) {
      out.signed(difference);
      this.#bases[ref] = mantissa;
      return;
    }
    out.u8(0);
    this.#writeWhole(out, ref, value);
  }

  #writeAfterFloat(out: ByteWriter, ref: number, value: number): void {
    const before = this.#bases[ref] as number;
    const isShort = Math.abs(mantissaOf(value, shortestExponent(value))) < SHORT_MANTISSA_MAX;
    if (isShort || !Number.isFinite(value) || Object.is(value, before)) {
      out.u8(0);
      this.#writeWhole(out, ref, value);
      return;
    }
    this.#now.setFloat64(0, value);
    this.#before.setFloat64(0, before);
    for (let at = 0; at < 8; at++)
      this.#xor[at] = this.#now.getUint8(at) ^ this.#before.getUint8(at);
    let start = 0;
    while (this.#xor[start] === 0) start++;
    let end = 8;
    while (this.#xor[end - 1] === 0) end--;
    out.u8((start << 4) | (end - start));
    out.bytes(this.#xor.subarray(start, end));
    this.#bases[ref] = value;
  }

  #writeWhole(out: ByteWriter, ref: number, value: number): void {
    if (!Number.isFinite(value) || Object.is(value, -0)) {
      out.u8(tagOf(value));
      this.#kinds[ref] = NO_BASE;
      return;
    }
    const exponent = shortestExponent(value);
    const mantissa = mantissaOf(value, exponent);
    const isDecimal = mantissa === mantissa;
    this.#kinds[ref] = isDecimal ? exponent : FLOAT_BASE;
    this.#bases[ref] = isDecimal ? mantissa : value;
    this.writeBase(out, ref);
  }

  #reserve(size: number): void {
    if (size <= this.#kinds.length) return;
    const capacity = Math.max(size, this.#kinds.length * 2);
    const kinds = new Int8Array(capacity).fill(NO_BASE);
    kinds.set(this.#kinds);
    const bases = new Float64Array(capacity);
    bases.set(this.#bases);
    this.#kinds = kinds;
    this.#bases = bases;
  }
}

function tagOf(value: number): number {
  if (value === Infinity) return TAG_PLUS_INFINITY;
  if (value === -Infinity) return TAG_MINUS_INFINITY;
  if (value === 0) return TAG_MINUS_ZERO;
  return isStaleMarker(value) ? TAG_STALE : TAG_NAN;
}
