import * as v from 'valibot';
import { isStaleMarker, STALE_NAN } from '@nowcast/model';

/**
 * A float64 in JSON. Numbers JSON cannot write stand as text; `stale` is the staleness marker that ends
 * a series.
 */
export type WireValue = number | 'NaN' | '+Inf' | '-Inf' | '-0' | 'stale';

const TEXT_VALUES: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['NaN', NaN],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['-0', -0],
  ['stale', STALE_NAN],
]);

export function toWireValue(value: number): WireValue {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : value;
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return isStaleMarker(value) ? 'stale' : 'NaN';
}

export function fromWireValue(value: WireValue): number {
  return typeof value === 'number' ? value : (TEXT_VALUES.get(value) ?? NaN);
}

function isWireValue(value: unknown): boolean {
  return typeof value === 'number' || TEXT_VALUES.has(value);
}

// `@__PURE__` here and below: bundlers then leave the schemas out of pages, which only need the functions.
export const wireValueSchema: v.GenericSchema<unknown, WireValue> =
  /* @__PURE__ */ v.custom<WireValue>(
    isWireValue,
    'a number, "NaN", "+Inf", "-Inf", "-0" or "stale"',
  );

/** One loop instead of a schema per element: this is the hot path of ingest. */
export const wireValuesSchema: v.GenericSchema<unknown, readonly WireValue[]> =
  /* @__PURE__ */ v.custom<readonly WireValue[]>(
    (input) => Array.isArray(input) && input.every(isWireValue),
    'an array of numbers, "NaN", "+Inf", "-Inf", "-0" or "stale"',
  );
