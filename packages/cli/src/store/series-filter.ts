/** The options that say which series and which time an export or import is about. */
import type { SeriesFilter } from '@nowcast/hub/store';
import type { Command } from 'commander';
import { timeValue } from '../option-values.ts';

export interface FilterFlags {
  readonly match?: readonly string[];
  readonly start?: number;
  readonly end?: number;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option(
      '--match <selector>',
      'only series this selector matches; may be given several times',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option(
      '--start <time>',
      'from this time on: 2026-01-31T10:00, Unix seconds, or 2h ago',
      timeValue,
    )
    .option('--end <time>', 'up to and with this time', timeValue);
}

/** @throws {CodedError} `bad-query` when a selector does not parse */
export async function readFilter({ match = [], start, end }: FilterFlags): Promise<SeriesFilter> {
  // The grammar is large and most calls do without.
  const read = match.length === 0 ? undefined : (await import('@nowcast/hub/store')).parseSelector;
  return {
    matcherSets: read === undefined ? [] : match.map((text) => read(text)),
    ...(start === undefined ? {} : { startMs: start }),
    ...(end === undefined ? {} : { endMs: end }),
  };
}
