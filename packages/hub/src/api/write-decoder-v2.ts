/**
 * Remote write 2.0 (`io.prometheus.write.v2.Request`): a table of symbols, and series that point into it. The
 * labels of a series are put together as version 1 writes them, so that one memory of known series serves both.
 */
import type { MetricType } from '@nowcast/model';
import { BYTES, ProtobufError, ProtobufReader, VARINT } from './protobuf-reader.ts';
import { decodeSample, METADATA_TYPES } from './write-decoder.ts';
import type { WriteSink } from './write-sink.ts';

const SYMBOL = (4 << 3) | BYTES;
const SERIES = (5 << 3) | BYTES;

const LABELS_REFS = 1;
const SAMPLES = 2;
const HISTOGRAMS = 3;
const EXEMPLARS = 4;
const METADATA = 5;

/** @throws {ProtobufError} when the message is damaged; the sink may have seen its start. */
export function decodeWriteRequestV2(message: Uint8Array, sink: WriteSink): void {
  const symbols = new SymbolTable(message);
  const reader = new ProtobufReader(message);
  while (reader.at < message.length) {
    const tag = reader.varint();
    if (tag === SERIES) decodeSeries(reader, reader.span(), { symbols, sink });
    else reader.skip(tag & 7);
  }
}

/** Where each symbol stands in the message. */
class SymbolTable {
  readonly message: Uint8Array;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(message: Uint8Array) {
    this.message = message;
    const reader = new ProtobufReader(message);
    while (reader.at < message.length) {
      const tag = reader.varint();
      if (tag !== SYMBOL) {
        reader.skip(tag & 7);
        continue;
      }
      const end = reader.span();
      this.#starts.push(reader.at);
      this.#ends.push(end);
      reader.at = end;
    }
    if (this.#starts.length > 0 && this.#ends[0] !== this.#starts[0])
      throw new ProtobufError('the first symbol is not empty');
  }

  bytes(index: number): Uint8Array {
    if (index >= this.#starts.length)
      throw new ProtobufError(`symbol ${index} of ${this.#starts.length} is asked for`);
    return this.message.subarray(this.#starts[index], this.#ends[index]);
  }

  text(index: number): string {
    return Buffer.from(this.bytes(index)).toString('utf8');
  }
}

interface SeriesContext {
  readonly symbols: SymbolTable;
  readonly sink: WriteSink;
}

/** Two passes: labels and metadata may stand anywhere in a series, and samples need them. */
function decodeSeries(reader: ProtobufReader, end: number, context: SeriesContext): void {
  const { symbols, sink } = context;
  const from = reader.at;
  const refs: number[] = [];
  while (reader.at < end) {
    const tag = reader.varint();
    const field = tag >> 3;
    if (field === LABELS_REFS) readRefs(reader, tag & 7, refs);
    else if (field === METADATA) {
      const inner = reader.span();
      announceMetadata(reader, inner, { ...context, refs });
    } else reader.skip(tag & 7);
  }
  if (reader.at > end) throw new ProtobufError('a series is longer than it says');
  const labels = labelBytes(refs, symbols);
  sink.series(labels.view, 0, labels.length);
  reader.at = from;
  while (reader.at < end) {
    const tag = reader.varint();
    const field = tag >> 3;
    if (field === SAMPLES) decodeSample(reader, sink);
    else {
      if (field === HISTOGRAMS) sink.untaken('histogram');
      else if (field === EXEMPLARS) sink.untaken('exemplar');
      reader.skip(tag & 7);
    }
  }
}

function readRefs(reader: ProtobufReader, wireType: number, refs: number[]): void {
  if (wireType === VARINT) {
    refs.push(reader.varint());
    return;
  }
  const end = reader.span();
  while (reader.at < end) refs.push(reader.varint());
}

function announceMetadata(
  reader: ProtobufReader,
  end: number,
  { symbols, sink, refs }: SeriesContext & { readonly refs: readonly number[] },
): void {
  let type: MetricType = 'unknown';
  let help = 0;
  let unit = 0;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | VARINT)) type = METADATA_TYPES[reader.varint()] ?? 'unknown';
    else if (tag === ((3 << 3) | VARINT)) help = reader.varint();
    else if (tag === ((4 << 3) | VARINT)) unit = reader.varint();
    else reader.skip(tag & 7);
  }
  if (type === 'unknown' && help === 0 && unit === 0) return;
  const metric = metricOf(refs, symbols);
  if (metric === '') return;
  const [helpText, unitText] = [help, unit].map((one) => (one === 0 ? '' : symbols.text(one)));
  sink.metadata(metric, { type, help: helpText, unit: unitText });
}

function metricOf(refs: readonly number[], symbols: SymbolTable): string {
  for (let at = 0; at + 1 < refs.length; at += 2)
    if (symbols.text(refs[at] as number) === '__name__')
      return symbols.text(refs[at + 1] as number);
  return '';
}

class LabelBytes {
  bytes = new Uint8Array(4_096);
  view = new DataView(this.bytes.buffer);
  length = 0;

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  varint(value: number): void {
    let left = value;
    for (; left >= 128; left >>>= 7) this.byte((left & 127) | 128);
    this.byte(left);
  }

  field(field: number, content: Uint8Array): void {
    this.byte((field << 3) | BYTES);
    this.varint(content.length);
    this.bytes.set(content, this.length);
    this.length += content.length;
  }
}

/** Used again for each series: the sink copies what it keeps. */
const scratch = new LabelBytes();

const FIELD_HEAD_MAX = 6;

function labelBytes(refs: readonly number[], symbols: SymbolTable): LabelBytes {
  if (refs.length % 2 !== 0) throw new ProtobufError('a series has a label without a value');
  scratch.length = 0;
  for (let at = 0; at < refs.length; at += 2) {
    const name = symbols.bytes(refs[at] as number);
    const value = symbols.bytes(refs[at + 1] as number);
    const inner = fieldLength(name) + fieldLength(value);
    scratch.reserve(inner + FIELD_HEAD_MAX);
    scratch.byte((1 << 3) | BYTES);
    scratch.varint(inner);
    scratch.field(1, name);
    scratch.field(2, value);
  }
  return scratch;
}

function fieldLength({ length }: Uint8Array): number {
  let head = 2;
  for (let left = length; left >= 128; left >>>= 7) head++;
  return head + length;
}
