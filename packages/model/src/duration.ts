import { CodedError } from './coded-error.ts';

const UNITS_MS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const SHAPE =
  /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration as Prometheus writes it (`1h30m`, `15s`, `250ms`) into milliseconds.
 * @throws {CodedError} `bad-duration`
 */
export function parseDuration(text: string): number {
  const parts = SHAPE.exec(text);
  if (!parts || text === '') {
    if (text === '0') return 0;
    throw new CodedError(
      'bad-duration',
      `not a duration: ${JSON.stringify(text)}; write for example 15s, 5m or 1h30m`,
    );
  }
  return UNITS_MS.reduce((sum, [, ms], at) => sum + Number(parts[at + 1] ?? 0) * ms, 0);
}

/** Writes milliseconds as Prometheus does: `1h30m`, `15s`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  let left = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS_MS) {
    // Prometheus writes years and weeks only when nothing is left over.
    if ((unit === 'y' || unit === 'w') && left % size !== 0) continue;
    const count = Math.floor(left / size);
    if (count === 0) continue;
    text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
