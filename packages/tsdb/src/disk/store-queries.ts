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
import { resolutionFor } from '../rollup/rollup.ts';
import {
  packAnswer,
  unpackAnswer,
  unpackLabels,
  type PackedAnswer,
} from '../worker/read-answer.ts';
import type { MatcherData, ReaderRole, ReadRequest } from '../worker/reader-role.ts';
import type { WorkerCalls } from '../worker/worker-calls.ts';
import { abortable } from './abortable.ts';
import { slicedSort } from './sliced-sort.ts';
import { slices } from './slices.ts';

/** Series of the head that travel in one piece. */
const PACKED_SERIES = 256;

export interface StoreQueriesParts {
  readonly head: Head;
  readonly table: SeriesTable;
  readonly reader: WorkerCalls<ReaderRole>;
  readonly horizon: Horizon;
  /** Where rollups begin. */
  readonly rollupHorizonMs: () => number;
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
    const windowMs = resolutionFor(request.stepMs);
    return abortable(request.signal, (aborted) =>
      windowMs === undefined
        ? this.#samples(request, aborted)
        : this.#windows(request, windowMs, aborted),
    );
  }

  async labelSets(request: LabelRequest): Promise<readonly LabelSet[]> {
    return abortable(request.signal, (aborted) => this.#labelSets(request, aborted));
  }

  async #samples(request: SelectRequest, aborted: Int32Array): Promise<SelectResult> {
    const { signal, samplesMax = Infinity } = request;
    const range = this.#range(request);
    const asked = { matcherSets: dataOf([request.matchers]), ...range, samplesMax, aborted };
    const stored = this.#parts.reader.call('read', asked);
    const [fromHead, fromBlocks] = await Promise.all([
      this.#readHead(request, range, samplesMax),
      stored,
    ]);
    const blocks = await unpackAnswer(fromBlocks, slices());
    const series = await mergeSeries(blocks, fromHead);
    const samples = series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
    if (samples > samplesMax) throw tooMany(samplesMax);
    signal?.throwIfAborted();
    return { series, warnings: fromBlocks.warnings };
  }

  /** What the head holds goes along with the question: windows are put together where the samples are. */
  async #windows(
    request: SelectRequest,
    windowMs: number,
    aborted: Int32Array,
  ): Promise<SelectResult> {
    const { samplesMax = Infinity, point = 'last', endMs } = request;
    const startMs = Math.max(request.startMs, this.#parts.rollupHorizonMs());
    const whole = {
      startMs: Math.floor(startMs / windowMs) * windowMs,
      endMs: (Math.floor(endMs / windowMs) + 1) * windowMs - 1,
    };
    const fromHead = await this.#readHead(request, whole, Infinity);
    const pause = slices();
    const head: PackedAnswer[] = [];
    for (let at = 0; at < fromHead.length; at += PACKED_SERIES) {
      const some = fromHead.slice(at, at + PACKED_SERIES);
      const runs = some.map(({ labels, timesMs: times, values }) => ({
        labels,
        run: { times, values },
      }));
      head.push(packAnswer(runs, []));
      const due = pause();
      if (due !== undefined) await due;
    }
    const matcherSets = dataOf([request.matchers]);
    const asked = { matcherSets, startMs, endMs, samplesMax, aborted, windowMs, point, head };
    const answer = await this.#parts.reader.call('readRolled', asked);
    const series = await unpackAnswer(answer, pause);
    return { series, resolutionMs: windowMs, warnings: answer.warnings };
  }

  async #labelSets(request: LabelRequest, aborted: Int32Array): Promise<readonly LabelSet[]> {
    const range = this.#range({
      startMs: request.startMs ?? -Infinity,
      endMs: request.endMs ?? Infinity,
    });
    const matcherSets = dataOf(request.matcherSets);
    const asked: ReadRequest = { matcherSets, ...range, samplesMax: Infinity, aborted };
    const stored = this.#parts.reader.call('labels', asked);
    // It may fail while the head is looked through, before it is waited for.
    stored.catch(() => undefined);
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

function dataOf(matcherSets: LabelRequest['matcherSets']): MatcherData[][] {
  return matcherSets.map((set) => set.map(({ name, op, value }) => ({ name, op, value })));
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
