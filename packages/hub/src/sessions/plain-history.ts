/**
 * The past of a plain stream: the messages it would have sent, one for each moment at which something changed, from the
 * store. The first tells all that is known at its time, a series that ended is told once.
 */
import { isStaleMarker, sameBits, type Queryable, type SeriesData } from '@nowcast/model';
import { toWireValue, type PlainValues, type WireValue } from '@nowcast/protocol';
import type { Selection } from '../live/selection.ts';

/** Samples that are read for one reader; a longer history is refused with `too-many-samples`. */
const SAMPLES_MAX = 200_000;

export interface HistoryRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** @throws {CodedError} `too-many-samples` */
export async function plainHistory(
  store: Queryable,
  { matchers }: Selection,
  range: HistoryRange,
): Promise<IterableIterator<string>> {
  const { series } = await store.select({ matchers, ...range, samplesMax: SAMPLES_MAX });
  return messagesOf(series);
}

type Changes = Record<string, WireValue | null>;

function* messagesOf(series: readonly SeriesData[]): IterableIterator<string> {
  const moments = new Map<number, Changes>();
  for (const { labels, timesMs, values } of series) {
    const name = String(labels);
    let before: number | undefined;
    for (let at = 0; at < timesMs.length; at++) {
      const value = values[at] as number;
      if (before !== undefined && sameBits(before, value)) continue;
      before = value;
      const timeMs = timesMs[at] as number;
      let changes = moments.get(timeMs);
      if (changes === undefined) moments.set(timeMs, (changes = {}));
      changes[name] = isStaleMarker(value) ? null : toWireValue(value);
    }
  }
  for (const [timeMs, values] of [...moments].sort(([a], [b]) => a - b)) {
    const time = new Date(timeMs).toISOString();
    yield JSON.stringify({ type: 'values', time, timeMs, values } satisfies PlainValues);
  }
}
