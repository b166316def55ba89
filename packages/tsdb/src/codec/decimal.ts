/**
 * Floats as decimals: m / 10^e with a whole m, exact because the reader divides the same two numbers, and
 * division rounds correctly. Where floats carry rounding noise (sums of decimals), the residual is how many
 * representable floats lie between the decimal and the value.
 */
export const EXPONENT_MAX = 14;
/** Keeps second differences, zigzagged, below 2^53. */
const MANTISSA_MAX = 2 ** 50;

export const POWERS: readonly number[] = Array.from({ length: EXPONENT_MAX + 1 }, (_, e) =>
  Number(`1e${e}`),
);

/** The smallest exponent under which every value is exact, or −1. */
export function exactExponent(values: Float64Array, count: number): number {
  let e = 0;
  let power = 1;
  for (let at = 0; at < count; at++) {
    const value = values[at] as number;
    for (;;) {
      const mantissa = Math.round(value * power);
      if (mantissa > MANTISSA_MAX || mantissa < -MANTISSA_MAX) return -1;
      if (mantissa / power === value) break;
      if (e === EXPONENT_MAX) return -1;
      power = POWERS[++e] as number;
    }
  }
  // An earlier value may have outgrown the mantissa under the exponent a later one asked for.
  for (let at = 0; at < count; at++)
    if (Math.abs((values[at] as number) * power) > MANTISSA_MAX) return -1;
  return e;
}

export function toMantissas(
  values: Float64Array,
  count: number,
  into: Float64Array,
  e: number,
): void {
  const power = POWERS[e] as number;
  for (let at = 0; at < count; at++) into[at] = Math.round((values[at] as number) * power) + 0;
}

const left = new Float64Array(1);
const right = new Float64Array(1);
const leftWords = new Uint32Array(left.buffer);
const rightWords = new Uint32Array(right.buffer);

/** Representable floats from `base` to `value`, both finite and of one sign; NaN when too many to count. */
export function residual(value: number, base: number): number {
  left[0] = value;
  right[0] = base;
  const high = (leftWords[1] as number) - (rightWords[1] as number);
  if (high > 0x3ffff || high < -0x3ffff) return NaN;
  return high * 0x100000000 + ((leftWords[0] as number) - (rightWords[0] as number));
}

/** The float that lies `distance` representable floats after `base`. */
export function applyResidual(base: number, distance: number): number {
  right[0] = base;
  const low = (rightWords[0] as number) + distance;
  const carry = Math.floor(low / 0x100000000);
  leftWords[0] = low - carry * 0x100000000;
  leftWords[1] = (rightWords[1] as number) + carry;
  return left[0] as number;
}

/**
 * Writes mantissas and residuals under exponent `e`; false when a value does not fit. −0 and non-finite
 * values must have been taken out before.
 */
export function splitNoise(
  values: Float64Array,
  count: number,
  e: number,
  into: { readonly mantissas: Float64Array; readonly residuals: Float64Array },
): boolean {
  const power = POWERS[e] as number;
  for (let at = 0; at < count; at++) {
    const value = values[at] as number;
    const mantissa = Math.round(value * power) + 0;
    if (mantissa > MANTISSA_MAX || mantissa < -MANTISSA_MAX) return false;
    const distance = residual(value, mantissa / power);
    if (!(Math.abs(distance) <= MANTISSA_MAX)) return false;
    into.mantissas[at] = mantissa;
    into.residuals[at] = distance;
  }
  return true;
}
