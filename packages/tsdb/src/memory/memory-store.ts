import {
  CodedError,
  compareLabels,
  matchesAll,
  type AppendOutcome,
  type LabelRequest,
  type LabelSet,
  type MetricMetadata,
  type SelectRequest,
  type SelectResult,
  type SeriesData,
  type SeriesRef,
} from '@nowcast/model';
import { systemClock, type Clock, type Timer } from '@nowcast/std';
import { Horizon } from '../horizon.ts';
import { LabelIndex } from '../index/label-index.ts';
import type { Store, StoreStats } from '../store.ts';
import { SampleColumn } from './sample-column.ts';

export interface MemoryStoreOptions {
  /** Samples this much older than the newest one, or than now, are refused and forgotten. Default 1 h. */
  readonly retentionMs?: number | undefined;
  /** Series held at once. Default 100,000. */
  readonly seriesMax?: number | undefined;
  readonly clock?: Clock | undefined;
}

interface Entry {
  readonly labels: LabelSet;
  readonly column: SampleColumn;
  /** When it was last asked for or written, on the monotonic clock; an idle, empty series is given up. */
  usedMs: number;
}

/** Opens a store that keeps everything in memory and forgets it on close. */
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #seriesMax: number;
  readonly #horizon: Horizon;
  readonly #sweep: Timer;
  readonly #index = new LabelIndex();
  readonly #entries = new Map<SeriesRef, Entry>();
  readonly #refs = new Map<string, SeriesRef>();
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #counts = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
  #nextRef = 0;
  #refused = 0;
  #samples = 0;
  #closed = false;

  constructor(options: MemoryStoreOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#retentionMs = options.retentionMs ?? 3_600_000;
    this.#seriesMax = options.seriesMax ?? 100_000;
    this.#horizon = new Horizon(this.#clock, this.#retentionMs);
    const sweepMs = Math.min(60_000, Math.max(1_000, this.#retentionMs / 8));
    this.#sweep = this.#clock.every(sweepMs, () => this.#forget());
  }

  series(labels: LabelSet, metadata?: MetricMetadata): SeriesRef {
    this.#assertOpen();
    if (metadata !== undefined) this.#metadata.set(labels.metric, metadata);
    const known = this.#refs.get(labels.key);
    if (known !== undefined) {
      (this.#entries.get(known) as Entry).usedMs = this.#clock.monotonicMs();
      return known;
    }
    if (this.#entries.size >= this.#seriesMax) {
      this.#refused++;
      throw new CodedError(
        'series-limit',
        `the store holds ${this.#seriesMax} series, as many as it may; ${labels.toString()} was refused`,
        { details: { limit: this.#seriesMax } },
      );
    }
    const ref = this.#nextRef++;
    const usedMs = this.#clock.monotonicMs();
    this.#entries.set(ref, { labels, column: new SampleColumn(), usedMs });
    this.#refs.set(labels.key, ref);
    this.#index.add(ref, labels);
    return ref;
  }

  append(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): AppendOutcome {
    this.#assertOpen();
    const outcome = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    const entries = Array.from(refs, (ref) => this.#entry(ref));
    if (timeMs < this.#horizon.timeMs) outcome.tooOld = entries.length;
    else {
      if (entries.length > 0) this.#horizon.note(timeMs);
      const usedMs = this.#clock.monotonicMs();
      for (let at = 0; at < entries.length; at++) {
        const entry = entries[at] as Entry;
        entry.usedMs = usedMs;
        outcome[entry.column.insert(timeMs, words, at * 2)]++;
      }
    }
    this.#samples += outcome.accepted;
    for (const name of Object.keys(outcome) as (keyof AppendOutcome)[])
      this.#counts[name] += outcome[name];
    return outcome;
  }

  async flushed(): Promise<void> {
    this.#assertOpen();
  }

  async select(request: SelectRequest): Promise<SelectResult> {
    this.#assertOpen();
    request.signal?.throwIfAborted();
    const startMs = Math.max(request.startMs, this.#horizon.timeMs);
    const samplesMax = request.samplesMax ?? Infinity;
    const series: SeriesData[] = [];
    let samples = 0;
    for (const ref of this.#index.select(request.matchers)) {
      const { labels, column } = this.#entries.get(ref) as Entry;
      const count = column.countBetween(startMs, request.endMs);
      if (count === 0) continue;
      samples += count;
      if (samples > samplesMax)
        throw new CodedError(
          'too-many-samples',
          `the query would read more than ${samplesMax} samples`,
          { details: { limit: samplesMax } },
        );
      series.push({ labels, ...column.slice(startMs, request.endMs) });
    }
    series.sort((a, b) => compareLabels(a.labels, b.labels));
    return { series, warnings: [] };
  }

  async labelSets(request: LabelRequest): Promise<readonly LabelSet[]> {
    return this.#labelSets(request).sort(compareLabels);
  }

  async labelNames(request: LabelRequest): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const labels of this.#labelSets(request)) for (const [name] of labels) names.add(name);
    return [...names].sort();
  }

  async labelValues(name: string, request: LabelRequest): Promise<readonly string[]> {
    const values = new Set(this.#labelSets(request).map((labels) => labels.get(name)));
    values.delete('');
    return [...values].sort();
  }

  stats(): StoreStats {
    let memoryBytes = 0;
    let oldestMs: number | undefined;
    let newestMs: number | undefined;
    for (const { column } of this.#entries.values()) {
      memoryBytes += column.bytes;
      if (column.size === 0) continue;
      oldestMs = Math.min(oldestMs ?? Infinity, column.oldestMs);
      newestMs = Math.max(newestMs ?? -Infinity, column.newestMs);
    }
    return {
      series: this.#entries.size,
      seriesMax: this.#seriesMax,
      seriesRefused: this.#refused,
      samples: this.#samples,
      ...this.#counts,
      oldestMs,
      newestMs,
      memoryBytes,
      diskBytes: 0,
    };
  }

  metadata(): ReadonlyMap<string, MetricMetadata> {
    return this.#metadata;
  }

  labelsOf(ref: SeriesRef): LabelSet | undefined {
    return this.#entries.get(ref)?.labels;
  }

  async maintain(): Promise<void> {
    this.#forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sweep.cancel();
    this.#entries.clear();
    this.#refs.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #entry(ref: SeriesRef): Entry {
    const entry = this.#entries.get(ref);
    if (entry !== undefined) return entry;
    throw new CodedError('series-expired', `series ${ref} had no sample for long and was given up`);
  }

  #labelSets(request: LabelRequest): LabelSet[] {
    this.#assertOpen();
    request.signal?.throwIfAborted();
    const startMs = Math.max(request.startMs ?? -Infinity, this.#horizon.timeMs);
    const endMs = request.endMs ?? Infinity;
    const found: LabelSet[] = [];
    for (const { labels, column } of this.#entries.values()) {
      const { matcherSets } = request;
      if (matcherSets.length > 0 && !matcherSets.some((set) => matchesAll(set, labels))) continue;
      if (column.countBetween(startMs, endMs) > 0) found.push(labels);
    }
    return found;
  }

  #forget(): void {
    const horizonMs = this.#horizon.timeMs;
    const idleMs = this.#clock.monotonicMs() - this.#retentionMs;
    const gone = new Map<SeriesRef, LabelSet>();
    for (const [ref, { labels, column, usedMs }] of this.#entries) {
      this.#samples -= column.dropBefore(horizonMs);
      if (column.size === 0 && usedMs <= idleMs) gone.set(ref, labels);
    }
    if (gone.size === 0) return;
    for (const [ref, labels] of gone) {
      this.#entries.delete(ref);
      this.#refs.delete(labels.key);
    }
    this.#index.remove(gone.values(), (ref) => gone.has(ref));
  }

  #assertOpen(): void {
    if (this.#closed) throw new CodedError('store-closed', 'the store has been closed');
  }
}
