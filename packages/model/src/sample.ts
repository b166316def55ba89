/**
 * Sample values are float64, kept bit for bit. Two NaNs have a meaning of their own, as in Prometheus:
 * the ordinary NaN a query may return, and the staleness marker that says a series has ended.
 */
export interface Sample {
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly value: number;
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

function fromBits(high: number, low: number): number {
  words[HIGH] = high;
  words[LOW] = low;
  return float[0] as number;
}

/** Prometheus's staleness marker, 0x7ff0000000000002. */
export const STALE_NAN: number = fromBits(0x7ff00000, 2);

/** True for the staleness marker, also where an engine has set the quiet bit on its way. */
export function isStaleMarker(value: number): boolean {
  // eslint-disable-next-line no-self-compare -- the cheapest way to leave for all ordinary numbers
  if (value === value) return false;
  float[0] = value;
  return words[LOW] === 2 && ((words[HIGH] as number) & 0x7ff7ffff) === 0x7ff00000;
}

/** True when both have the same 64 bits: −0 differs from 0, NaN equals itself. */
export function sameBits(a: number, b: number): boolean {
  return Object.is(a, b) && (a === a || isStaleMarker(a) === isStaleMarker(b));
}

/** Prometheus's text form: the shortest decimal that reads back equal, NaN, +Inf, -Inf. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
