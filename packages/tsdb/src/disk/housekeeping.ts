import type { LabelSet } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import { BitWriter } from '../codec/bit-writer.ts';
import type { Generation } from '../head/generation.ts';
import type { Head } from '../head/head.ts';
import type { SeriesTable } from '../head/series-table.ts';
import type { Horizon } from '../horizon.ts';
import type { StoreEvent } from '../store.ts';
import type { BlockChange } from '../worker/keeper-role.ts';
import type { CommitLog } from './commit-log.ts';
import type { DiskLimits } from './disk-limits.ts';
import type { StoreThreads } from './store-threads.ts';
import type { BlockInfo, RollupInfo } from './manifest.ts';
import { slices } from './slices.ts';

export interface HousekeepingParts {
  readonly directory: string;
  readonly clock: Clock;
  readonly limits: DiskLimits;
  readonly threads: StoreThreads;
  readonly head: Head;
  readonly table: SeriesTable;
  readonly log: CommitLog;
  readonly horizon: Horizon;
  readonly onEvent: (event: StoreEvent) => void;
  /** A new WAL segment has begun. */
  readonly onSegment: () => void;
}

export interface HousekeepingStats extends Files {
  readonly seals: number;
  readonly merges: number;
  readonly blocksDeleted: number;
  readonly walBytes: number;
  readonly walSegments: number;
}

interface Files {
  readonly blocks: readonly BlockInfo[];
  readonly rollups: readonly RollupInfo[];
}

/** Shapes handed over in one message. */
const GATHER_SHAPES = 16;
const GATHER_LABEL_BYTES = 32_768;

/**
 * What happens beside appends and reads: sealing the head into blocks, merging, retention, giving up idle
 * series. One thing at a time; the work itself is the keeper thread's. A block is part of every read before the
 * head lets go of its samples, and its WAL segments go after that.
 */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  #blocks: readonly BlockInfo[] = [];
  #rollups: readonly RollupInfo[] = [];
  #running: Promise<void> | undefined;
  #sealWanted = false;
  #again = false;
  #headSinceMs: number;
  /** Where the log stood when the head was frozen. */
  #frozenAt = { upTo: 0, segment: 0 };
  #closing = false;
  /** The newest sample that memory had to let go of; the WAL stays while it is worth keeping. */
  #droppedMs = -Infinity;
  readonly #counts = { seals: 0, merges: 0, blocksDeleted: 0, walBytes: 0, walSegments: 0 };

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#headSinceMs = parts.clock.monotonicMs();
  }

  stats(): HousekeepingStats {
    return {
      ...this.#counts,
      walBytes: this.#counts.walBytes + this.#parts.log.bytes,
      blocks: this.#blocks,
      rollups: this.#rollups,
    };
  }

  /** The files found on opening. */
  async start(files: Files, walBytes: number): Promise<void> {
    this.#counts.walBytes = walBytes;
    for (const { maxMs } of [...files.blocks, ...files.rollups]) this.#parts.horizon.note(maxMs);
    await this.#use(files);
  }

  /** Seals the head as soon as possible. */
  seal(): void {
    this.#sealWanted = true;
    this.kick();
  }

  /** Looks at what is due, now or when what is running has ended. */
  kick(): void {
    this.#again = this.#running !== undefined;
    this.#dropUnsealable();
    if (!this.#again) void this.#start();
  }

  /** Does all that is due at the time of the call. */
  async run(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    await this.#start();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  #start(): Promise<void> {
    const running = this.#work().finally(() => {
      this.#running = undefined;
      if (this.#again && !this.#closing) this.kick();
    });
    this.#running = running;
    return running;
  }

  async #work(): Promise<void> {
    try {
      if (this.#sealDue()) await this.#seal();
      const { clock, limits, threads, table, head, horizon } = this.#parts;
      const idleSinceMs = clock.nowMs() - limits.idleMs;
      await table.expire(idleSinceMs, (ref) => head.holds(ref), slices());
      for (;;) {
        if (this.#closing) return;
        const change = await threads.keeper.call('maintain', {
          nowMs: clock.nowMs(),
          horizonMs: horizon.timeMs,
          rollupHorizonMs: horizon.before(limits.rollupRetentionMs),
          bytesMax: limits.blockBytesMax,
        });
        if (change.kind === 'none') break;
        await this.#apply(change);
        if (this.#sealDue()) await this.#seal();
      }
    } catch (error) {
      if (this.#closing) return;
      this.#parts.onEvent({
        level: 'error',
        message: `the store's upkeep failed: ${String(error)}`,
      });
    }
  }

  #sealDue(): boolean {
    const { head, limits, clock } = this.#parts;
    if (head.frozen !== undefined) return true;
    if (head.current.samples === 0) return false;
    return (
      this.#sealWanted ||
      head.current.samples >= limits.sealSamples ||
      clock.monotonicMs() - this.#headSinceMs >= limits.sealAfterMs
    );
  }

  async #seal(): Promise<void> {
    const { head, log, clock, threads, directory, onSegment } = this.#parts;
    this.#sealWanted = false;
    if (head.frozen === undefined) {
      head.freeze();
      log.rotate();
      onSegment();
      this.#headSinceMs = clock.monotonicMs();
      this.#frozenAt = { upTo: log.appended, segment: log.segment };
    }
    const { upTo, segment } = this.#frozenAt;
    await this.#gather(head.frozen as Generation);
    const walFrom = this.#droppedMs >= this.#parts.horizon.timeMs ? 0 : segment;
    const change = await threads.keeper.call('seal', { walFrom });
    await this.#apply(change);
    head.drop();
    log.sealed(upTo);
    const left = await threads.wal.call('drop', { directory, segment: walFrom });
    this.#counts.walBytes = left.bytes - log.bytes;
    this.#counts.walSegments = left.segments;
  }

  /** Hands the frozen generation to the keeper: its tables lie in shared memory, its labels are written out. */
  async #gather(generation: Generation): Promise<void> {
    const { threads, table } = this.#parts;
    const pause = slices();
    const writer = new BitWriter();
    const none = new Uint8Array(0);
    for (let at = 0; at < generation.shapes.length; at += GATHER_SHAPES) {
      const shapes = generation.shapes.slice(at, at + GATHER_SHAPES).map((shape) => shape.toData());
      void threads.keeper.call('gather', { shapes, labels: none });
      const due = pause();
      if (due !== undefined) await due;
    }
    const nowMs = this.#parts.clock.nowMs();
    for (const ref of generation.refs()) {
      table.touch(ref, nowMs);
      const { pairs } = table.labels(ref) as LabelSet;
      writer.varint(ref);
      writer.varint(pairs.length);
      for (const text of pairs) writer.text(text);
      if (writer.size >= GATHER_LABEL_BYTES) {
        void threads.keeper.call('gather', { shapes: [], labels: writer.view().slice() });
        writer.clear();
        const due = pause();
        if (due !== undefined) await due;
      }
    }
    await threads.keeper.call('gather', { shapes: [], labels: writer.view().slice() });
  }

  async #apply(change: BlockChange): Promise<void> {
    const { threads } = this.#parts;
    const before = this.#blocks.length;
    await this.#use(change);
    if (change.kind === 'seal') this.#counts.seals++;
    if (change.kind === 'merge') this.#counts.merges++;
    if (change.kind === 'retention') this.#counts.blocksDeleted += before - this.#blocks.length;
    if (change.removed.length > 0) await threads.keeper.call('unlink', change.removed);
  }

  async #use({ blocks, rollups }: Files): Promise<void> {
    const { threads, directory } = this.#parts;
    await threads.reader.call('use', { directory, blocks, rollups });
    this.#blocks = blocks;
    this.#rollups = rollups;
  }

  /** Memory is bounded even while nothing can be sealed: the oldest samples give way. */
  #dropUnsealable(): void {
    const { head, limits, log, onEvent } = this.#parts;
    const { frozen } = head;
    if (frozen === undefined || log.reason === undefined) return;
    if (head.current.samples < limits.sealSamples * 2) return;
    this.#droppedMs = Math.max(this.#droppedMs, frozen.maxMs);
    onEvent({
      level: 'error',
      message: `${frozen.samples} samples could not be written for too long and were let go of from memory; what had been acknowledged returns with the next start`,
    });
    head.drop();
  }
}
