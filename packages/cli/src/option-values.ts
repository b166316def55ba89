/** Readers of option values; what they refuse is a usage error that names the option. */
import { CodedError, parseDuration } from '@nowcast/model';
import { systemClock } from '@nowcast/std';
import { InvalidArgumentError } from 'commander';

const PORT_MAX = 65_535;

export function portValue(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= PORT_MAX) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** Milliseconds of a duration such as `1s` or `250ms`. */
export function durationValue(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof CodedError) throw new InvalidArgumentError('Write for example 1s or 5m.');
    throw error;
  }
}

/** A moment in milliseconds: a date in local time or with a zone, Unix seconds, or how long ago. */
export function timeValue(text: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  try {
    return systemClock.nowMs() - parseDuration(text);
  } catch {
    // A day alone is meant in local time too, as everywhere else in the terminal.
    const timeMs = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
    if (!Number.isNaN(timeMs)) return timeMs;
    throw new InvalidArgumentError('Write for example 2026-01-31T10:00, 1767225600 or 2h.');
  }
}

/** A hub's address; `host:port` is enough. */
export function hubValue(text: string): string {
  return text.includes('://') ? text : `http://${text}`;
}
