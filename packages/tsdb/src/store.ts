import type { Appender, LabelSet, MetricMetadata, Queryable } from '@nowcast/model';

/** What a store holds and what has happened to it since it was opened. All counts are of samples unless named. */
export interface StoreStats {
  /** Series with at least one sample kept in memory; the ones `seriesMax` counts. */
  readonly series: number;
  readonly seriesMax: number;
  /** Series refused with `series-limit`. */
  readonly seriesRefused: number;
  /** Samples held now. On disk, copies that merging has not yet removed are counted. */
  readonly samples: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly overwritten: number;
  readonly tooOld: number;
  /** Oldest and newest sample, milliseconds since the Unix epoch; undefined while empty. */
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
  /** Bytes of sample data in memory. */
  readonly memoryBytes: number;
  /** Bytes of all files of the store; 0 for a store in memory. */
  readonly diskBytes: number;
  /** Present on stores that write to disk. */
  readonly disk?: DiskStats | undefined;
}

export interface DiskStats {
  readonly state: StoreState;
  /** Why the store is not `ready`, for people. */
  readonly reason?: string | undefined;
  readonly blocks: number;
  /** Files of rollups. */
  readonly rollups: number;
  readonly walBytes: number;
  readonly walSegments: number;
  /** Appended and not yet durable. */
  readonly pendingBytes: number;
  readonly syncs: number;
  readonly syncMsMax: number;
  /** Damaged or missing files and chunks met since opening; each is also a log line. */
  readonly damaged: number;
  readonly seals: number;
  readonly merges: number;
  readonly blocksDeleted: number;
}

/** `unavailable`: memory keeps working, nothing becomes durable, acknowledgements wait. */
export type StoreState = 'ready' | 'unavailable' | 'closed';

/** One line about something the operator should know; the hub hands it to its log. */
export interface StoreEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A store: the way in, the way out and what is known about both. The memory and the disk store differ in
 * nothing but what survives a restart; one suite of behaviours runs against both.
 */
export interface Store extends Appender, Queryable, AsyncDisposable {
  stats(): StoreStats;
  /** What writers said about their metrics, by metric name. */
  metadata(): ReadonlyMap<string, MetricMetadata>;
  /** The labels behind a ref, or undefined when there is no such series (any more). */
  labelsOf(ref: number): LabelSet | undefined;
  /** Does the upkeep that is due (sealing, merging, retention); it also runs by itself. */
  maintain(): Promise<void>;
  /** Makes everything durable and lets go of threads and files; calling it again does nothing. */
  close(): Promise<void>;
}
