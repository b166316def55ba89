/** Readers of option values; what they refuse is a usage error that names the option. */
import { CodedError, parseDuration } from '@nowcast/model';
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

/** A hub's address; `host:port` is enough. */
export function hubValue(text: string): string {
  return text.includes('://') ? text : `http://${text}`;
}
