/** How the command ends: 0 done, 1 something failed while running, 2 it was asked for wrongly. */
import { CodedError } from '@nowcast/model';

export const EXIT = { OK: 0, FAILED: 1, USAGE: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with exit code 1 after it has said by itself what is wrong. */
export class SilentFailure extends Error {
  override readonly name: string = 'SilentFailure';
}

/** What the user can put right on the command line or in the files it names. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'port-in-use',
  'address-unavailable',
  'bad-config',
  'config-unreadable',
  'tls-unreadable',
  'data-dir-unusable',
  'bad-url',
  'bad-duration',
  'spool-in-use',
  'spool-unavailable',
  'store-locked',
  'store-unreadable',
  'bad-query',
]);

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof CodedError && USAGE_CODES.has(error.code) ? EXIT.USAGE : EXIT.FAILED;
}

/** One line; an error without a code is a bug, and its stack says where. */
export function describeError(error: unknown): string {
  if (error instanceof CodedError) return `nowcast: ${error.message} (${error.code})`;
  if (error instanceof Error) return `nowcast: ${error.stack ?? error.message}`;
  return `nowcast: ${String(error)}`;
}
