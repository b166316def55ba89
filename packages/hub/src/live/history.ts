/**
 * The samples before a subscription's first live update. What the store returns is cut where the channel
 * stood when live updates began to be held back: at or before the cut is history, after it is live, so the two
 * join without hole or duplicate.
 */
import { sameBits, type SeriesData } from '@nowcast/model';
import type { SeriesDefinition } from '@nowcast/protocol';
import type { Channel } from './channel.ts';
import type { Selection } from './selection.ts';
import { defineSeries, encodeUpdateBody, type GroupDraft, type UpdateBody } from './update-text.ts';

/** Samples in one update: what may be encoded in one go without holding up the live path. */
const SAMPLES_PER_UPDATE = 8_192;

interface Track {
  readonly localRef: number;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** Samples of the track that are history. */
  readonly length: number;
  at: number;
  before: number | undefined;
}

/** Where live updates begin, and what is before. */
export interface HistorySource {
  readonly channel: Channel;
  /** The channel's state at that moment: times, and the values that belong to them. */
  readonly cut: Float64Array;
  readonly cutValues: Float64Array;
  readonly selection: Selection;
  readonly series: readonly SeriesData[];
}

/** History as updates of bounded size, in order of time; lazily, so that the caller can pause between them. */
export function* historyUpdates(source: HistorySource): Generator<UpdateBody> {
  const { tracks, add, ended } = prepare(source);
  let definitions: readonly SeriesDefinition[] = add;
  const { startMs, sliceMs, slices } = slicing(tracks);
  for (let slice = 0; slice < slices; slice++) {
    const untilMs = slice === slices - 1 ? Infinity : startMs + (slice + 1) * sliceMs;
    const groups = takeUntil(tracks, untilMs, source.channel);
    const last = slice === slices - 1;
    if (groups.length === 0 && definitions.length === 0 && !last) continue;
    const remove = last ? ended : [];
    yield encodeUpdateBody({ history: true, add: definitions, groups, remove });
    definitions = [];
  }
}

interface Prepared {
  readonly tracks: Track[];
  readonly add: SeriesDefinition[];
  /** Series with history that are not live. */
  readonly ended: number[];
}

function prepare({ selection, channel, cut, cutValues, series }: HistorySource): Prepared {
  const prepared: Prepared = { tracks: [], add: [], ended: [] };
  const include = (localRef: number, timesMs: Float64Array, values: Float64Array): void => {
    const labels = selection.labelsOf(localRef);
    prepared.add.push(defineSeries(localRef, labels, selection.metadataOf(localRef)));
    const length = timesMs.length;
    prepared.tracks.push({ localRef, timesMs, values, length, at: 0, before: undefined });
  };
  const met = new Set<number>();
  for (const { labels, timesMs, values } of series) {
    const localRef = selection.localRefOfLabels(labels);
    const wasLive = !Number.isNaN(cut[localRef] ?? NaN);
    const isLive = selection.isMember(localRef);
    let length = timesMs.length;
    if (wasLive) length = countUpTo(timesMs, cut[localRef] as number);
    // One that came to life after the cut goes on live with the sample that woke it.
    else if (isLive) length = countBefore(timesMs, channel.joinedMs(localRef));
    if (length === 0) continue;
    met.add(localRef);
    include(localRef, timesMs.subarray(0, length), values);
    if (!wasLive && !isLive) prepared.ended.push(localRef);
  }
  for (const [localRef, timeMs] of cut.entries())
    if (!Number.isNaN(timeMs) && !met.has(localRef))
      include(localRef, Float64Array.of(timeMs), Float64Array.of(cutValues[localRef] as number));
  return prepared;
}

function slicing(tracks: readonly Track[]): { startMs: number; sliceMs: number; slices: number } {
  let startMs = Infinity;
  let endMs = -Infinity;
  let samples = 0;
  for (const { timesMs, length } of tracks) {
    samples += length;
    startMs = Math.min(startMs, timesMs[0] as number);
    endMs = Math.max(endMs, timesMs[length - 1] as number);
  }
  const slices = Math.max(1, Math.ceil(samples / SAMPLES_PER_UPDATE));
  return { startMs, sliceMs: (endMs - startMs) / slices, slices };
}

function takeUntil(tracks: readonly Track[], untilMs: number, channel: Channel): GroupDraft[] {
  const groups = new Map<number, GroupDraft>();
  for (const track of tracks) {
    for (; track.at < track.length; track.at++) {
      const timeMs = track.timesMs[track.at] as number;
      if (timeMs >= untilMs) break;
      let group = groups.get(timeMs);
      if (group === undefined) {
        group = { timeMs, refs: [], values: [], same: [] };
        groups.set(timeMs, group);
      }
      const value = channel.precise(track.values[track.at] as number);
      if (track.before !== undefined && sameBits(track.before, value))
        group.same.push(track.localRef);
      else {
        group.refs.push(track.localRef);
        group.values.push(value);
        track.before = value;
      }
    }
  }
  return [...groups.values()].sort((a, b) => a.timeMs - b.timeMs);
}

function countUpTo(timesMs: Float64Array, endMs: number): number {
  let count = timesMs.length;
  while (count > 0 && (timesMs[count - 1] as number) > endMs) count--;
  return count;
}

function countBefore(timesMs: Float64Array, endMs: number): number {
  let count = timesMs.length;
  while (count > 0 && (timesMs[count - 1] as number) >= endMs) count--;
  return count;
}
