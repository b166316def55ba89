/**
 * The series of a snapshot and their samples, whichever files they lie in: blocks by order, then the WAL, the
 * newest word on a sample being the right one. Finding holds labels in memory; samples are read range by range.
 */
import { compareLabels, LabelSet, matchesAll, type Matcher, type TimeRange } from '@nowcast/model';
import { mergeRuns, type SampleRun } from '../block/sample-run.ts';
import { readGenerations, type SharedTimes } from '../head/head.ts';
import { messageOf, type SnapshotBlock, type StoreSnapshot } from './store-snapshot.ts';

export const DAY_MS = 86_400_000;

export interface SeriesFilter extends Partial<TimeRange> {
  /** Sets of matchers of which a series must meet one; empty means every series. */
  readonly matcherSets?: readonly (readonly Matcher[])[] | undefined;
}

export interface StoredSeries {
  readonly labels: LabelSet;
  /** Samples of a range, both ends inclusive. */
  read(range: TimeRange): SampleRun;
}

interface Places {
  readonly labels: LabelSet;
  readonly inBlocks: { readonly block: SnapshotBlock; readonly series: number }[];
  ref?: number | undefined;
}

/** Every series with its place in the files, ordered by labels. Blocks whose index is damaged are reported. */
export function findSeries(
  snapshot: StoreSnapshot,
  filter: SeriesFilter = {},
  onDamage: (message: string) => void = () => undefined,
): StoredSeries[] {
  const { matcherSets = [] } = filter;
  const found = new Map<string, Places>();
  const placesOf = (labels: LabelSet): Places | undefined => {
    const known = found.get(labels.key);
    if (known !== undefined) return known;
    if (matcherSets.length > 0 && !matcherSets.some((set) => matchesAll(set, labels))) return;
    const places: Places = { labels, inBlocks: [] };
    found.set(labels.key, places);
    return places;
  };
  for (const block of rawBlocks(snapshot, rangeOf(filter)))
    try {
      const { index } = block.reader;
      for (let series = 0; series < index.size; series++)
        placesOf(LabelSet.fromSortedPairs(index.pairs(series)))?.inBlocks.push({ block, series });
    } catch (error) {
      onDamage(messageOf(error));
    } finally {
      block.reader.unload();
    }
  for (const [ref, labels] of snapshot.table.entries()) {
    const places = placesOf(labels);
    if (places !== undefined) places.ref = ref;
  }
  return [...found.values()]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map((places) => storedSeries(snapshot, places));
}

/** The blocks with samples as they were sent that touch the range. */
export function rawBlocks(snapshot: StoreSnapshot, range: TimeRange): SnapshotBlock[] {
  return snapshot.blocks.filter(
    ({ info, reader }) =>
      reader.footer.resolutionMs === 0 && info.maxMs >= range.startMs && info.minMs <= range.endMs,
  );
}

export function rangeOf({ startMs = -Infinity, endMs = Infinity }: Partial<TimeRange>): TimeRange {
  return { startMs, endMs };
}

/** Days of UTC that hold samples within the range, in order, cut to it. */
export function* daysOf(snapshot: StoreSnapshot, range: TimeRange): IterableIterator<TimeRange> {
  const { head } = snapshot;
  const spans = rawBlocks(snapshot, range).map(
    ({ info }) => info as { minMs: number; maxMs: number },
  );
  if (head.samples > 0) spans.push(head.current);
  const days = new Set<number>();
  for (const { minMs, maxMs } of spans) {
    const last = Math.floor(Math.min(maxMs, range.endMs) / DAY_MS);
    for (let day = Math.floor(Math.max(minMs, range.startMs) / DAY_MS); day <= last; day++)
      days.add(day);
  }
  for (const day of [...days].sort((a, b) => a - b))
    yield {
      startMs: Math.max(range.startMs, day * DAY_MS),
      // Times need not be whole milliseconds: up to the last number before the next day.
      endMs: Math.min(range.endMs, justBefore((day + 1) * DAY_MS)),
    };
}

function storedSeries(snapshot: StoreSnapshot, { labels, inBlocks, ref }: Places): StoredSeries {
  const generations = snapshot.head.generations();
  return {
    labels,
    read: (range) => {
      const runs = inBlocks
        .filter(({ block: { info } }) => info.maxMs >= range.startMs && info.minMs <= range.endMs)
        .map(({ block, series }) => block.reader.read(series, range.startMs, range.endMs));
      if (ref !== undefined)
        runs.push(
          readGenerations(
            generations,
            ref,
            range,
            generations.map((): SharedTimes => new Map()),
          ),
        );
      return mergeRuns(runs);
    },
  };
}

function justBefore(value: number): number {
  const cell = new Float64Array([value]);
  const bits = new BigInt64Array(cell.buffer);
  bits[0] = (bits[0] as bigint) + (value > 0 ? -1n : 1n);
  return value === 0 ? -Number.MIN_VALUE : (cell[0] as number);
}
