import { CodedError } from '@nowcast/model';
import type { Host } from './host.ts';
import type { SeriesGroup } from './series-group.ts';

/** One kind of measurement. Made once; holds its files and slots. */
export interface Collector {
  /**
   * Reads and sets its slots; a slot it leaves out ends. Runs on the sampling thread and must not wait.
   * @throws anything: the pass counts as failed and all series of the collector end.
   */
  collect(nowMs: number): void;
}

export interface CollectorModule {
  /** As node_exporter calls it, where it has it. */
  readonly name: string;
  /** Shortest distance of two passes; every tick when missing. */
  readonly everyMs?: number | undefined;
  /** Largest part of the time it may take: a dear pass puts the next one off. */
  readonly shareMax?: number | undefined;
  readonly create: (host: Host, series: SeriesGroup) => Collector;
}

/** Thrown by a collector that has nothing to measure on this machine. */
export function noData(what: string): CodedError {
  return new CodedError('no-data', `${what}: nothing of the kind on this machine`);
}
