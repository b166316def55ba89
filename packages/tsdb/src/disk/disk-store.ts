import {
  CodedError,
  type AppendOutcome,
  type LabelRequest,
  type LabelSet,
  type MetricMetadata,
  type SelectRequest,
  type SelectResult,
  type SeriesRef,
} from '@nowcast/model';
import { type Clock, type Timer } from '@nowcast/std';
import { Head, type HeadListener } from '../head/head.ts';
import { RefTable } from '../head/ref-table.ts';
import { SeriesTable } from '../head/series-table.ts';
import { Horizon } from '../horizon.ts';
import type { Store, StoreEvent, StoreStats } from '../store.ts';
import { WalEncoder } from '../wal/wal-encoder.ts';
import { CommitLog } from './commit-log.ts';
import { Housekeeping } from './housekeeping.ts';
import type { DiskLimits } from './disk-limits.ts';
import { StoreQueries } from './store-queries.ts';
import type { StoreThreads } from './store-threads.ts';

export interface DiskStoreParts {
  readonly directory: string;
  readonly clock: Clock;
  readonly limits: DiskLimits;
  readonly threads: StoreThreads;
  readonly onEvent: (event: StoreEvent) => void;
  readonly release: () => void;
}

/** What the WAL gives back is not written to it again. */
const SILENT: HeadListener = { newShape: () => undefined, row: () => undefined };

/**
 * The store on disk, as its owner's thread sees it: appends go into the head and, as records, to the commit
 * log; reads combine the head with what the reader thread finds in blocks. No call here waits for the disk.
 */
export class DiskStore implements Store {
  readonly head: Head = new Head();
  readonly table: SeriesTable;
  readonly #parts: DiskStoreParts;
  readonly #horizon: Horizon;
  readonly #encoder = new WalEncoder();
  /** 1 for the series the current segment has defined. */
  #defined = new RefTable(0);
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #counts = { accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
  readonly #log: CommitLog;
  readonly #queries: StoreQueries;
  readonly #housekeeping: Housekeeping;
  readonly #tick: Timer;
  #damaged = 0;
  #closed: Promise<void> | undefined;

  constructor(parts: DiskStoreParts) {
    this.#parts = parts;
    this.table = new SeriesTable(parts.limits.seriesMax);
    const { directory, clock, threads, limits } = parts;
    this.#horizon = new Horizon(clock, limits.retentionMs);
    this.#log = new CommitLog({
      clock,
      encoder: this.#encoder,
      write: (segment, payload) => threads.wal.call('write', { directory, segment, payload }),
      onEvent: parts.onEvent,
      onGap: () => this.#housekeeping.seal(),
      pendingBytesMax: limits.pendingBytesMax,
    });
    this.#housekeeping = new Housekeeping({
      ...parts,
      head: this.head,
      table: this.table,
      log: this.#log,
      horizon: this.#horizon,
      onSegment: () => this.#beginSegment(),
    });
    this.#queries = new StoreQueries({
      head: this.head,
      table: this.table,
      reader: threads.reader,
      horizon: this.#horizon,
      rollupHorizonMs: () => this.#horizon.before(limits.rollupRetentionMs),
    });
    this.#tick = clock.every(limits.checkMs, () => this.#housekeeping.kick());
  }

  get housekeeping(): Housekeeping {
    return this.#housekeeping;
  }

  series(labels: LabelSet, metadata?: MetricMetadata): SeriesRef {
    this.#assertOpen();
    const ref = this.table.ref(labels, this.#parts.clock.nowMs(), true);
    if (metadata !== undefined) this.#describe(labels.metric, metadata);
    return ref;
  }

  append(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): AppendOutcome {
    this.#assertOpen();
    const own = refs instanceof Uint32Array ? refs : Uint32Array.from(refs);
    if (timeMs < this.#horizon.timeMs) {
      this.#counts.tooOld += own.length;
      return { accepted: 0, duplicate: 0, overwritten: 0, tooOld: own.length };
    }
    const outcome = this.head.append(timeMs, own, values, this.#listener);
    if (own.length > 0) this.#horizon.note(timeMs);
    this.#counts.accepted += outcome.accepted;
    this.#counts.duplicate += outcome.duplicate;
    this.#counts.overwritten += outcome.overwritten;
    this.#log.noteAppend();
    if (this.head.current.samples >= this.#parts.limits.sealSamples) this.#housekeeping.kick();
    return outcome;
  }

  async flushed(): Promise<void> {
    this.#assertOpen();
    await this.#log.flushed();
  }

  async select(request: SelectRequest): Promise<SelectResult> {
    this.#assertOpen();
    return this.#queries.select(request);
  }

  async labelSets(request: LabelRequest): Promise<readonly LabelSet[]> {
    this.#assertOpen();
    return this.#queries.labelSets(request);
  }

  async labelNames(request: LabelRequest): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const labels of await this.labelSets(request))
      for (const [name] of labels) names.add(name);
    return [...names].sort();
  }

  async labelValues(name: string, request: LabelRequest): Promise<readonly string[]> {
    const values = new Set((await this.labelSets(request)).map((labels) => labels.get(name)));
    values.delete('');
    return [...values].sort();
  }

  metadata(): ReadonlyMap<string, MetricMetadata> {
    return this.#metadata;
  }

  labelsOf(ref: SeriesRef): LabelSet | undefined {
    return this.table.labels(ref);
  }

  stats(): StoreStats {
    const { blocks, rollups, ...disk } = this.#housekeeping.stats();
    const generations = this.head.generations();
    const minima = [...blocks.map(({ minMs }) => minMs), ...generations.map(({ minMs }) => minMs)];
    const maxima = [...blocks.map(({ maxMs }) => maxMs), ...generations.map(({ maxMs }) => maxMs)];
    const [oldestMs, newestMs] = [Math.min(...minima), Math.max(...maxima)];
    const blockBytes = [...blocks, ...rollups].reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      series: this.table.size,
      seriesMax: this.#parts.limits.seriesMax,
      seriesRefused: this.table.refused,
      samples: blocks.reduce((sum, { samples }) => sum + samples, this.head.samples),
      ...this.#counts,
      oldestMs: Number.isFinite(oldestMs) ? oldestMs : undefined,
      newestMs: Number.isFinite(newestMs) ? newestMs : undefined,
      memoryBytes: this.head.bytes,
      diskBytes: blockBytes + disk.walBytes,
      disk: {
        state: this.#closed !== undefined ? 'closed' : this.#log.reason ? 'unavailable' : 'ready',
        reason: this.#log.reason,
        blocks: blocks.length,
        rollups: rollups.length,
        pendingBytes: this.#log.pendingBytes,
        syncs: this.#log.syncs,
        syncMsMax: this.#log.syncMsMax,
        damaged: this.#damaged,
        ...disk,
      },
    };
  }

  /** Something could not be read. */
  noteDamage(count: number = 1): void {
    this.#damaged += count;
  }

  /** Takes a row back from the WAL; it is durable already. */
  restore(refs: Uint32Array, timeMs: number, values: Float64Array): void {
    this.head.append(timeMs, refs, values, SILENT);
    if (refs.length > 0) this.#horizon.note(timeMs);
  }

  /** Everything of the WAL is back; what comes now goes into a new segment. */
  continueWal(segment: number): void {
    this.#log.startAt(segment);
    this.#beginSegment();
  }

  restoreMetadata(metric: string, metadata: MetricMetadata): void {
    this.#metadata.set(metric, metadata);
  }

  async maintain(): Promise<void> {
    this.#assertOpen();
    await this.#housekeeping.run();
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { threads, release, onEvent } = this.#parts;
    this.#tick.cancel();
    try {
      await this.#log.close();
      await this.#housekeeping.close();
    } catch (error) {
      onEvent({ level: 'error', message: `closing the store: ${String(error)}` });
    } finally {
      await Promise.all(Object.values(threads).map((thread) => thread.terminate()));
      release();
    }
  }

  readonly #listener: HeadListener = {
    newShape: (refs) => this.table.assertKnown(refs),
    row: (shape, timeMs, values) => this.#record(shape, timeMs, values),
  };

  #record(shape: number, timeMs: number, values: Float64Array): void {
    if (this.#encoder.lacks(shape)) {
      const { refs } = this.head.current.shapes[shape] as { refs: Uint32Array };
      for (const ref of refs) {
        if (this.#defined.get(ref) === 1) continue;
        this.#encoder.series(ref, this.table.labels(ref) as LabelSet);
        this.#defined.set(ref, 1);
      }
      this.#encoder.shape(shape, refs);
    }
    this.#encoder.row(shape, timeMs, values);
  }

  #describe(metric: string, metadata: MetricMetadata): void {
    const known = this.#metadata.get(metric);
    const same =
      known?.type === metadata.type &&
      known?.unit === metadata.unit &&
      known?.help === metadata.help;
    if (known !== undefined && same) return;
    this.#metadata.set(metric, metadata);
    this.#encoder.metadata(metric, metadata);
    this.#log.noteAppend();
  }

  /** A segment explains itself, and the ones before it are about to go. */
  #beginSegment(): void {
    this.#defined = new RefTable(0);
    for (const [metric, metadata] of this.#metadata) this.#encoder.metadata(metric, metadata);
  }

  #assertOpen(): void {
    if (this.#closed !== undefined)
      throw new CodedError('store-closed', 'the store has been closed');
  }
}
