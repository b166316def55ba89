import { sameBits } from '@nowcast/model';
import type { ChannelContract } from './live-source.ts';

/** The value as a contract wants it. */
export function preciseValue(value: number, { digits }: ChannelContract): number {
  if (digits === null || digits >= 17 || !Number.isFinite(value)) return value;
  return Number(value.toPrecision(digits));
}

/** True when a contract need not be told of the step from one value to the other. */
export function isUnchanged(before: number, now: number, { deadband }: ChannelContract): boolean {
  if (sameBits(before, now)) return true;
  return deadband !== null && Math.abs(now - before) <= deadband;
}
