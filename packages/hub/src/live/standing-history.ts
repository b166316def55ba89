/**
 * The steps before a standing query's ring, from the store, then those in the ring: together every step from the wished
 * start on, each once. The long part is computed slice by slice, so that the live path runs in between.
 */
import type { SeriesData } from '@nowcast/model';
import { evaluateFetched, fetchQuery, type FetchedQuery } from '@nowcast/promql';
import type { PastReader } from './live-source.ts';
import type { StandingChannel } from './standing-channel.ts';
import type { StandingFeed } from './standing-feed.ts';
import {
  defineSeries,
  encodeUpdateBody,
  type GroupDraft,
  type UpdateBody,
  type UpdateParts,
} from './update-text.ts';

/** Samples read plus points computed in one go: about a millisecond. */
const SLICE_WORK = 20_000;
const SLICES_MAX = 256;

export interface StandingPast {
  readonly feed: StandingFeed;
  readonly channel: StandingChannel;
  /** What the ring holds. */
  readonly recent: UpdateParts;
  /** The ring's oldest step. */
  readonly untilMs: number;
  readonly reader: PastReader;
  readonly historyMs: number;
}

/** @throws {CodedError} `too-many-samples`. */
export async function standingPast(past: StandingPast): Promise<Iterable<UpdateBody>> {
  const { feed, reader, untilMs, historyMs } = past;
  const { stepMs } = feed;
  const startMs = Math.ceil((reader.clock.nowMs() - historyMs) / stepMs) * stepMs;
  const count = Math.max(0, Math.round((untilMs - startMs) / stepMs));
  if (count === 0) return ringAlone(past, startMs);
  const fetched = await fetchQuery(
    feed.expression.expr,
    { steps: { startMs, stepMs, count }, isInstant: false },
    { queryable: reader.queryable, lookbackMs: reader.lookbackMs, samplesMax: reader.samplesMax },
  );
  return slices(past, fetched);
}

function* ringAlone({ recent }: StandingPast, startMs: number): Generator<UpdateBody> {
  const groups = recent.groups.filter(({ timeMs }) => timeMs >= startMs);
  yield encodeUpdateBody({ ...recent, history: true, groups });
}

function* slices(
  { feed, channel, recent }: StandingPast,
  whole: FetchedQuery,
): Generator<UpdateBody> {
  const { startMs, stepMs, count } = whole.steps;
  const defined = new Set<number>();
  const sliceSteps = Math.ceil(count / sliceCount(whole));
  for (let at = 0; at < count; at += sliceSteps) {
    const steps = {
      startMs: startMs + at * stepMs,
      stepMs,
      count: Math.min(sliceSteps, count - at),
    };
    const { value } = evaluateFetched(feed.expression.expr, { ...whole, steps }, () => undefined);
    if (value.type !== 'matrix' || value.series.length === 0) continue;
    yield encodeUpdateBody(sliceParts(value.series, { feed, channel, defined }));
  }
  const inRing = new Set(recent.add.map(({ ref }) => ref));
  const ended = [...defined].filter((ref) => !inRing.has(ref));
  const add = recent.add.filter(({ ref }) => !defined.has(ref));
  yield encodeUpdateBody({ ...recent, history: true, add, remove: [...recent.remove, ...ended] });
}

interface SliceScope {
  readonly feed: StandingFeed;
  readonly channel: StandingChannel;
  /** Refs that have been told. */
  readonly defined: Set<number>;
}

function sliceParts(series: readonly SeriesData[], scope: SliceScope): UpdateParts {
  const { feed, channel, defined } = scope;
  const add: UpdateParts['add'][number][] = [];
  const groups = new Map<number, GroupDraft>();
  for (const { labels, timesMs, values } of series) {
    const ref = feed.results.refOf(labels);
    if (!defined.has(ref)) add.push(defineSeries(ref, labels, undefined));
    defined.add(ref);
    for (const [at, timeMs] of timesMs.entries()) {
      const group = groups.get(timeMs) ?? { timeMs, refs: [], values: [], same: [] };
      groups.set(timeMs, group);
      group.refs.push(ref);
      group.values.push(channel.precise(values[at] as number));
    }
  }
  const ordered = [...groups.values()].sort((a, b) => a.timeMs - b.timeMs);
  return { history: true, add, groups: ordered, remove: [] };
}

function sliceCount({ selections, steps }: FetchedQuery): number {
  let work = 0;
  for (const selection of selections) {
    work += selection.length * steps.count;
    for (const { timesMs } of selection) work += timesMs.length;
  }
  return Math.min(SLICES_MAX, steps.count, Math.ceil(work / SLICE_WORK) || 1);
}
