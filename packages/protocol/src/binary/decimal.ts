/**
 * Values as decimals: mantissa / 10^exponent with a whole mantissa, or mantissa · 10^−exponent where the exponent is
 * negative. Exact by construction: writer and reader do the same correctly rounded operation on the same two numbers,
 * and the writer uses a decimal only where that gives the value back.
 */

/** Powers of ten up to this one are float64 without rounding. */
export const EXPONENT_MAX = 22;
/** Differences of mantissas, zigzagged, stay below 2^53. */
export const MANTISSA_MAX: number = 2 ** 50;

/** Written out, for a computed power may be off by one bit. */
const POWERS: readonly number[] = /* @__PURE__ */ Array.from({ length: EXPONENT_MAX + 1 }, (_, e) =>
  Number(`1e${e}`),
);

/** `exponent` is a whole number from −22 to 22. */
export function fromDecimal(mantissa: number, exponent: number): number {
  const power = POWERS[Math.abs(exponent)] as number;
  return exponent < 0 ? mantissa * power : mantissa / power;
}

/** The mantissa of `value` under `exponent`, or NaN where there is none that is exact. */
export function mantissaOf(value: number, exponent: number): number {
  const power = POWERS[Math.abs(exponent)];
  if (power === undefined) return NaN;
  const scaled = exponent < 0 ? value / power : value * power;
  // `+ 0` takes the sign off a zero.
  const mantissa = Math.round(scaled) + 0;
  const fits = mantissa <= MANTISSA_MAX && mantissa >= -MANTISSA_MAX;
  return fits && Object.is(fromDecimal(mantissa, exponent), value) ? mantissa : NaN;
}

/** The exponent under which a finite value has its shortest mantissa, which need not be one that fits. */
export function shortestExponent(value: number): number {
  if (value === 0) return 0;
  const [digits = '', power] = value.toExponential().split('e');
  const point = digits.indexOf('.');
  return (point < 0 ? 0 : digits.length - point - 1) - Number(power);
}
