/** What a store holds, in numbers: how much, of what, over which time, and which labels make it large. */
import { METRIC_NAME, type LabelSet } from '@nowcast/model';
import { findSeries, rawBlocks, rangeOf } from './stored-series.ts';
import type { StoreSnapshot } from './store-snapshot.ts';

export interface LabelCount {
  readonly name: string;
  /** Different values. */
  readonly values: number;
  readonly series: number;
}

export interface MetricCount {
  readonly name: string;
  readonly series: number;
}

export interface StoreInfo {
  readonly directory: string;
  /** Different label sets. */
  readonly series: number;
  /** In blocks and WAL together; copies that merging has not yet removed are counted. */
  readonly samples: number;
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
  readonly blocks: {
    readonly count: number;
    readonly bytes: number;
    readonly samples: number;
    readonly oldestMs: number | undefined;
    readonly newestMs: number | undefined;
  };
  readonly rollups: { readonly count: number; readonly bytes: number };
  /** Appended since the last seal; `headBytes` is what they take in memory when read back. */
  readonly wal: {
    readonly segments: number;
    readonly bytes: number;
    readonly samples: number;
    readonly headBytes: number;
  };
  /** Of sealed samples, everything in the files counted; undefined while nothing is sealed. */
  readonly bytesPerSample: number | undefined;
  readonly lostBlocks: number;
  /** The largest first. */
  readonly labels: readonly LabelCount[];
  readonly metrics: readonly MetricCount[];
}

export function describeStore(snapshot: StoreSnapshot, topMax: number = 10): StoreInfo {
  const raw = rawBlocks(snapshot, rangeOf({})).map(({ info }) => info);
  const rollups = snapshot.blocks
    .filter(({ reader }) => reader.footer.resolutionMs > 0)
    .map(({ info }) => info);
  const { head } = snapshot;
  const bytes = sum(raw.map((info) => info.bytes));
  const sealed = sum(raw.map(({ samples }) => samples));
  const spans = head.samples > 0 ? [...raw, head.current] : raw;
  const found = findSeries(snapshot);
  const counts = countLabels(found.map(({ labels }) => labels));
  return {
    directory: snapshot.directory,
    series: found.length,
    samples: sealed + head.samples,
    ...ends(spans),
    blocks: { count: raw.length, bytes, samples: sealed, ...ends(raw) },
    rollups: { count: rollups.length, bytes: sum(rollups.map((info) => info.bytes)) },
    wal: {
      segments: snapshot.walSegments,
      bytes: snapshot.walBytes,
      samples: head.samples,
      headBytes: head.bytes,
    },
    bytesPerSample: sealed === 0 ? undefined : bytes / sealed,
    lostBlocks: snapshot.lost.length,
    labels: counts.labels.slice(0, topMax),
    metrics: counts.metrics.slice(0, topMax),
  };
}

function countLabels(labelSets: readonly LabelSet[]): {
  readonly labels: LabelCount[];
  readonly metrics: MetricCount[];
} {
  const names = new Map<string, Map<string, number>>();
  for (const labels of labelSets)
    for (const [name, value] of labels) {
      let values = names.get(name);
      if (values === undefined) names.set(name, (values = new Map()));
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  const labels = [...names]
    .filter(([name]) => name !== METRIC_NAME)
    .map(([name, values]) => ({ name, values: values.size, series: sum([...values.values()]) }))
    .sort((a, b) => b.values - a.values || b.series - a.series);
  const metrics = [...(names.get(METRIC_NAME) ?? [])]
    .map(([name, series]) => ({ name, series }))
    .sort((a, b) => b.series - a.series || (a.name < b.name ? -1 : 1));
  return { labels, metrics };
}

function ends(spans: readonly { readonly minMs: number; readonly maxMs: number }[]): {
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
} {
  if (spans.length === 0) return { oldestMs: undefined, newestMs: undefined };
  return {
    oldestMs: Math.min(...spans.map(({ minMs }) => minMs)),
    newestMs: Math.max(...spans.map(({ maxMs }) => maxMs)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
