import {
  CodedError,
  compareLabels,
  type LabelSet,
  matchesAll,
  type LabelRequest,
  type SelectRequest,
  type SelectResult,
  type SeriesData,
} from '@nowcast/model';
import { mergeRuns } from '../block/sample-run.ts';
import { readGenerations, type Head, type SharedTimes } from '../head/head.ts';
import type { SeriesTable } from '../head/series-table.ts';
import type { Horizon } from '../horizon.ts';
import { unpackAnswer, unpackLabels } from '../worker/read-answer.ts';
import type { MatcherData, ReaderRole, ReadRequest } from '../worker/reader-role.ts';
import type { WorkerCalls } from '../worker/worker-calls.ts';
import { slicedSort } from './sliced-sort.ts';
import { slices } from './slices.ts';

export interface StoreQueriesParts {
  readonly head: Head;
  readonly table: SeriesTable;
  readonly reader: WorkerCalls<ReaderRole>;
  readonly horizon: Horizon;
}

/**
 * Reads: the reader thread looks into the blocks while this thread looks into the head, and both answers are
 * merged, the head's samples being the newer ones. What is in the head when a call comes in is what it reads.
 */
export class StoreQueries {
  readonly #parts: StoreQueriesParts;

  constructor(parts: StoreQueriesParts) {
    this.#parts = parts;
  }

  async select(request: SelectRequest): Promise<SelectResult> {
    const { signal } = request;
    signal?.throwIfAborted();
    const samplesMax = request.samplesMax ?? Infinity;
    const range = this.#range(request);
    const matcherSets = [request.matchers.map(({ name, op, value }) => ({ name, op, value }))];
    const stored = this.#parts.reader.call('read', { matcherSets, ...range, samplesMax });
    const [fromHead, fromBlocks] = await Promise.all([
      this.#readHead(request, range, samplesMax),
      stored,
    ]);
    signal?.throwIfAborted();
    const blocks = await unpackAnswer(fromBlocks, slices());
    const series = await mergeSeries(blocks, fromHead);
    const samples = series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
    if (samples > samplesMax) throw tooMany(samplesMax);
    signal?.throwIfAborted();
    return { series, warnings: fromBlocks.warnings };
  }

  async labelSets(request: LabelRequest): Promise<readonly LabelSet[]> {
    request.signal?.throwIfAborted();
    const range = this.#range({
      startMs: request.startMs ?? -Infinity,
      endMs: request.endMs ?? Infinity,
    });
    const matcherSets = request.matcherSets.map((set) =>
      set.map(({ name, op, value }): MatcherData => ({ name, op, value })),
    );
    const asked: ReadRequest = { matcherSets, ...range, samplesMax: Infinity };
    const stored = this.#parts.reader.call('labels', asked);
    const found = new Map<string, LabelSet>();
    const { head, table } = this.#parts;
    const generations = head.generations();
    const pause = slices();
    for (const [ref, labels] of table.entries()) {
      const wanted = request.matcherSets;
      if (wanted.length > 0 && !wanted.some((set) => matchesAll(set, labels))) continue;
      if (generations.some((one) => one.count(ref, range.startMs, range.endMs) > 0))
        found.set(labels.key, labels);
      const due = pause();
      if (due !== undefined) await due;
    }
    for (const labels of await unpackLabels(await stored, pause))
      if (!found.has(labels.key)) found.set(labels.key, labels);
    request.signal?.throwIfAborted();
    return slicedSort([...found.values()], compareLabels, pause);
  }

  #range(asked: { readonly startMs: number; readonly endMs: number }): {
    startMs: number;
    endMs: number;
  } {
    return { startMs: Math.max(asked.startMs, this.#parts.horizon.timeMs), endMs: asked.endMs };
  }

  async #readHead(
    request: SelectRequest,
    range: { readonly startMs: number; readonly endMs: number },
    samplesMax: number,
  ): Promise<SeriesData[]> {
    const { head, table } = this.#parts;
    const generations = head.generations();
    const refs = table.index.select(request.matchers);
    const shared = generations.map((): SharedTimes => new Map());
    const pause = slices();
    const found: SeriesData[] = [];
    let samples = 0;
    for (const ref of refs) {
      const labels = table.labels(ref);
      if (labels === undefined) continue;
      const { times, values } = readGenerations(generations, ref, range, shared);
      if (times.length > 0) found.push({ labels, timesMs: times, values });
      samples += times.length;
      if (samples > samplesMax) throw tooMany(samplesMax);
      const due = pause();
      if (due !== undefined) await due;
      request.signal?.throwIfAborted();
    }
    return slicedSort(found, (a, b) => compareLabels(a.labels, b.labels), pause);
  }
}

/** Two ordered lists into one; a series in both gets its samples merged, those of `newer` winning. */
async function mergeSeries(
  older: readonly SeriesData[],
  newer: readonly SeriesData[],
): Promise<SeriesData[]> {
  const merged: SeriesData[] = [];
  const pause = slices();
  let [olderAt, newerAt] = [0, 0];
  while (olderAt < older.length || newerAt < newer.length) {
    const [a, b] = [older[olderAt], newer[newerAt]];
    const order = a === undefined ? 1 : b === undefined ? -1 : compareLabels(a.labels, b.labels);
    if (order <= 0) olderAt++;
    if (order >= 0) newerAt++;
    merged.push(order < 0 ? (a as SeriesData) : order > 0 ? (b as SeriesData) : both(a, b));
    const due = pause();
    if (due !== undefined) await due;
  }
  return merged;
}

function both(older: SeriesData | undefined, newer: SeriesData | undefined): SeriesData {
  const { labels, timesMs: newTimes, values: newValues } = newer as SeriesData;
  const { timesMs: oldTimes, values: oldValues } = older as SeriesData;
  const { times, values } = mergeRuns([
    { times: oldTimes, values: oldValues },
    { times: newTimes, values: newValues },
  ]);
  return { labels, timesMs: times, values };
}

function tooMany(samplesMax: number): CodedError {
  return new CodedError(
    'too-many-samples',
    `the query would read more than ${samplesMax} samples`,
    {
      details: { limit: samplesMax },
    },
  );
}
