/**
 * Remote write 1.0 (`prometheus.WriteRequest`), decoded in place: no object per sample or label. What is known
 * by the bytes of its labels is not read again.
 */
import type { MetricType } from '@nowcast/model';
import { BYTES, FIXED64, ProtobufError, ProtobufReader, VARINT } from './protobuf-reader.ts';
import { LABEL_TAG, type WriteSink } from './write-sink.ts';

/** By the numbers of both versions. */
export const METADATA_TYPES: readonly MetricType[] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gauge',
  'summary',
  'info',
  'unknown',
];

const SAMPLE = (2 << 3) | BYTES;
const EXEMPLAR = (3 << 3) | BYTES;
const HISTOGRAM = (4 << 3) | BYTES;

/** @throws {ProtobufError} when the message is damaged; the sink may have seen its start. */
export function decodeWriteRequest(message: Uint8Array, sink: WriteSink): void {
  const reader = new ProtobufReader(message);
  while (reader.at < message.length) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | BYTES)) decodeSeries(reader, reader.span(), sink);
    else if (tag === ((3 << 3) | BYTES)) decodeMetadata(reader, reader.span(), sink);
    else reader.skip(tag & 7);
  }
}

function decodeSeries(reader: ProtobufReader, end: number, sink: WriteSink): void {
  const labelsFrom = reader.at;
  const known = sink.expected(reader.view, labelsFrom, end);
  let named = known >= 0;
  if (named) reader.at = known;
  while (reader.at < end) {
    const fieldAt = reader.at;
    const tag = reader.varint();
    if (tag === LABEL_TAG) {
      if (named) throw new ProtobufError('the labels of a series stand apart');
      reader.at = reader.span();
      continue;
    }
    if (!named) {
      sink.series(reader.view, labelsFrom, fieldAt);
      named = true;
    }
    if (tag === SAMPLE) decodeSample(reader, sink);
    else if (tag === HISTOGRAM || tag === EXEMPLAR) {
      reader.at = reader.span();
      sink.untaken(tag === HISTOGRAM ? 'histogram' : 'exemplar');
    } else reader.skip(tag & 7);
  }
  if (reader.at > end) throw new ProtobufError('a series is longer than it says');
}

/** A sample is the same message in both versions. */
export function decodeSample(reader: ProtobufReader, sink: WriteSink): void {
  const end = reader.span();
  const { view } = reader;
  let timeMs = 0;
  let low = 0;
  let high = 0;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | FIXED64)) {
      const at = reader.fixed64();
      low = view.getInt32(at, true);
      high = view.getInt32(at + 4, true);
    } else if (tag === ((2 << 3) | VARINT)) timeMs = reader.int64();
    else reader.skip(tag & 7);
  }
  if (reader.at > end) throw new ProtobufError('a sample is longer than it says');
  sink.sample(timeMs, low, high);
}

function decodeMetadata(reader: ProtobufReader, end: number, sink: WriteSink): void {
  let type: MetricType = 'unknown';
  const texts = new Map<number, string>();
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | VARINT)) type = METADATA_TYPES[reader.varint()] ?? 'unknown';
    else if ((tag & 7) === BYTES) texts.set(tag >> 3, reader.text());
    else reader.skip(tag & 7);
  }
  const metric = texts.get(2) ?? '';
  if (metric !== '')
    sink.metadata(metric, { type, help: texts.get(4) ?? '', unit: texts.get(5) ?? '' });
}
