/**
 * Remote write 1.0, decoded on the hot path: no object per sample or label. A series is recognised by the
 * bytes of its labels, so that labels are built once per series and not once per request.
 */
import { LabelSet, type MetricMetadata, type MetricType } from '@nowcast/model';
import { BYTES, FIXED64, ProtobufError, ProtobufReader, VARINT } from './protobuf-reader.ts';

const METADATA_TYPES: readonly MetricType[] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gauge',
  'summary',
  'info',
  'unknown',
];

/** What the decoder hands over, in the order of the message. */
export interface WriteSink {
  /**
   * The series that follows. `key` is equal for equal label bytes; `labels` builds the set when the sink
   * does not know the key.
   */
  series(key: string, labels: () => LabelSet): void;
  /** A sample of the series named last. Not-a-numbers keep their bits. */
  sample(timeMs: number, values: Float64Array): void;
  /** A native histogram of the series named last. */
  histogram(): void;
  metadata(metric: string, metadata: MetricMetadata): void;
}

/**
 * @throws {ProtobufError} when the message is damaged; the sink may have seen its start.
 * @throws {RangeError} when a label name repeats or is empty.
 */
export function decodeWriteRequest(message: Uint8Array, sink: WriteSink): void {
  const reader = new ProtobufReader(message);
  while (reader.at < message.length) {
    const tag = reader.varint();
    const end = (tag & 7) === BYTES ? reader.span() : -1;
    if (tag >> 3 === 1 && end >= 0) decodeSeries(reader, end, sink);
    else if (tag >> 3 === 3 && end >= 0) decodeMetadata(reader, end, sink);
    else if (end >= 0) reader.at = end;
    else reader.skip(tag & 7);
  }
}

/** One value at a time goes through here: a plain number could lose the bits of a staleness marker. */
const sampleValue = new Float64Array(1);

function decodeSeries(reader: ProtobufReader, end: number, sink: WriteSink): void {
  const labelsFrom = reader.at;
  let named = false;
  while (reader.at < end) {
    const fieldAt = reader.at;
    const tag = reader.varint();
    if (tag === ((1 << 3) | BYTES)) {
      reader.at = reader.span();
      continue;
    }
    if (!named) {
      announce(reader, { from: labelsFrom, to: fieldAt }, sink);
      named = true;
    }
    if (tag === ((2 << 3) | BYTES)) decodeSample(reader, sink);
    else if (tag === ((4 << 3) | BYTES)) {
      reader.at = reader.span();
      sink.histogram();
    } else reader.skip(tag & 7);
  }
  if (reader.at > end) throw new ProtobufError('a series is longer than it says');
}

function announce(
  reader: ProtobufReader,
  { from, to }: { readonly from: number; readonly to: number },
  sink: WriteSink,
): void {
  const { bytes } = reader;
  sink.series(reader.key(from, to), () => readLabels(bytes.subarray(from, to)));
}

function decodeSample(reader: ProtobufReader, sink: WriteSink): void {
  const end = reader.span();
  let timeMs = 0;
  sampleValue[0] = 0;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | FIXED64)) sampleValue[0] = reader.double();
    else if (tag === ((2 << 3) | VARINT)) timeMs = reader.int64();
    else reader.skip(tag & 7);
  }
  sink.sample(timeMs, sampleValue);
}

function readLabels(bytes: Uint8Array): LabelSet {
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
    throw new RangeError('a label name is empty or stands twice in a series');
  return LabelSet.fromEntries(entries);
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
