/** What passes between the sampling thread and the one that started it. Typed arrays are moved, not copied. */
import { LabelSet, type LabelRecord, type MetricType } from '@nowcast/model';
import type { Batch } from './batch.ts';
import type { HostPaths } from './host.ts';

/** How the thread is set up. */
export interface WorkerSettings {
  readonly intervalMs: number;
  readonly externalLabels: LabelRecord;
  readonly paths: Partial<HostPaths>;
  readonly firstRef: number;
}

export type ToWorker =
  | { readonly kind: 'interval'; readonly intervalMs: number }
  | { readonly kind: 'stop' };

interface BatchMessage {
  readonly kind: 'batch';
  readonly timeMs: number;
  readonly newSeries: readonly {
    readonly ref: number;
    /** The pairs of the label set: classes do not survive the way between threads. */
    readonly pairs: readonly string[];
    readonly type: MetricType;
    readonly help: string;
    readonly unit: string;
  }[];
  readonly refs: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

export type FromWorker =
  | BatchMessage
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly message: string };

export function packBatch(batch: Batch): BatchMessage {
  return {
    kind: 'batch',
    timeMs: batch.timeMs,
    newSeries: batch.newSeries.map(({ ref, labels, type, help, unit }) => ({
      ref,
      pairs: labels.pairs,
      type,
      help,
      unit,
    })),
    refs: batch.refs,
    values: batch.values,
  };
}

export function unpackBatch(message: BatchMessage): Batch {
  return {
    timeMs: message.timeMs,
    newSeries: message.newSeries.map(({ ref, pairs, type, help, unit }) => ({
      ref,
      labels: LabelSet.fromSortedPairs(pairs),
      type,
      help,
      unit,
    })),
    refs: message.refs,
    values: message.values,
  };
}
