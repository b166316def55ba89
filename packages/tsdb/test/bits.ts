/** The 64 bits of each value, since `toEqual` takes all NaNs for the same. */
export function bitsOf(values: Float64Array): string[] {
  const words = new Uint32Array(values.slice().buffer);
  return Array.from(values, (_, at) =>
    [words[at * 2 + 1], words[at * 2]].map((word) => word?.toString(16).padStart(8, '0')).join(''),
  );
}

/** A float64 array from bit patterns, for NaNs with payloads. */
export function fromBits(...bits: readonly bigint[]): Float64Array {
  return new Float64Array(new BigUint64Array(bits).buffer);
}
