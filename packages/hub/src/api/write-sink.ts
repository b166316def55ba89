/** Where the decoders of remote write put what they find, in the order of the message. */
import { LabelSet, type MetricMetadata } from '@nowcast/model';
import { BYTES, ProtobufReader } from './protobuf-reader.ts';

/** What each label of a series begins with. */
export const LABEL_TAG: number = (1 << 3) | BYTES;

/** What a message may hold beside samples, and is not stored. */
export type UntakenKind = 'histogram' | 'exemplar';

export interface WriteSink {
  /**
   * Asked before the labels at `from` are walked, which is not needed when the sink knows them by their bytes: then it
   * takes the series as named and returns where its labels end; otherwise −1, and `series` follows.
   */
  expected(view: DataView, from: number, limit: number): number;
  /**
   * The series that follows. Its labels are the bytes from `from` up to `to`: `prometheus.Label` messages as
   * version 1 has them. They may change once the call returns.
   */
  series(view: DataView, from: number, to: number): void;
  /** A sample of the series named last; its value as the two halves of the bits. */
  sample(timeMs: number, low: number, high: number): void;
  /** Something of the series named last that is not stored. */
  untaken(kind: UntakenKind): void;
  metadata(metric: string, metadata: MetricMetadata): void;
}

/**
 * The labels of a series from their bytes.
 * @throws {RangeError} when a name is empty or repeats, or there is no metric name.
 */
export function readLabels(bytes: Uint8Array): LabelSet {
  const reader = new ProtobufReader(bytes);
  const entries: [string, string][] = [];
  while (reader.at < bytes.length) {
    reader.varint();
    const end = reader.span();
    const pair: [string, string] = ['', ''];
    while (reader.at < end) {
      const tag = reader.varint();
      if (tag === ((1 << 3) | BYTES)) pair[0] = reader.text();
      else if (tag === ((2 << 3) | BYTES)) pair[1] = reader.text();
      else reader.skip(tag & 7);
    }
    entries.push(pair);
  }
  const names = new Set(entries.map(([name]) => name));
  if (names.size < entries.length || names.has(''))
    throw new RangeError('a label name is empty or stands twice');
  const labels = LabelSet.fromEntries(entries);
  if (labels.metric === '') throw new RangeError('the metric name is missing');
  return labels;
}
