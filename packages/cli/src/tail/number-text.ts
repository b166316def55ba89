/** Numbers for people: as many digits as help, and bytes in binary units. */
import { formatValue } from '@nowcast/model';

const DIGITS = 6;
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function formatNumber(value: number, unit: string | undefined): string {
  if (!Number.isFinite(value)) return formatValue(value);
  if (unit === 'bytes') return formatBytes(value);
  return formatValue(Number.isInteger(value) ? value : rounded(value));
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function formatBytes(value: number): string {
  let left = value;
  let at = 0;
  while (Math.abs(left) >= 1_024 && at < BINARY_UNITS.length - 1) {
    left /= 1_024;
    at++;
  }
  return `${at === 0 ? rounded(left) : left.toFixed(2)} ${BINARY_UNITS[at]}`;
}

/** How long ago, in two or three characters: `0.4s`, `12s`, `3m`, `2h`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, ageMs) / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  if (seconds < 90) return `${Math.round(seconds)}s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)}m`;
  return `${Math.round(seconds / 3_600)}h`;
}
