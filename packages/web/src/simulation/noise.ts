/** Repeatable unrest: the same seed and moment give the same value, 0 to 1, and near moments near values. */
export function noise(seed: number, at: number): number {
  const whole = Math.floor(at);
  const part = at - whole;
  const smooth = part * part * (3 - 2 * part);
  return hash(seed, whole) * (1 - smooth) + hash(seed, whole + 1) * smooth;
}

/** Slow, middle and fast unrest together. */
export function unrest(seed: number, seconds: number): number {
  return (
    noise(seed, seconds / 90) * 0.5 +
    noise(seed + 1, seconds / 17) * 0.32 +
    noise(seed + 2, seconds / 3) * 0.18
  );
}

function hash(seed: number, at: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(at | 0, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 0x1_0000_0000;
}
