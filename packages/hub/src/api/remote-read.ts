/** The messages of remote read: a Prometheus asks for raw series by matchers and time. */
import { createMatcher, type Matcher, type MatchOp, type SeriesData } from '@nowcast/model';
import { BYTES, ProtobufReader, VARINT } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const OPS: readonly MatchOp[] = ['=', '!=', '=~', '!~'];

export interface ReadQuery {
  readonly startMs: number;
  readonly endMs: number;
  readonly matchers: readonly Matcher[];
}

export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  /** The reader takes streamed chunks. */
  readonly streamed: boolean;
}

const STREAMED_XOR_CHUNKS = 1;

/** A `prometheus.ReadResponse` with the series of each query. */
export function sampledResponse(results: readonly (readonly SeriesData[])[]): Uint8Array {
  const response = new ProtobufWriter();
  for (const series of results)
    response.messageField(1, (result) => {
      for (const one of series) result.messageField(1, (writer) => writeSeries(writer, one));
    });
  return response.finish();
}

/** @throws {ProtobufError} when the message is damaged. */
export function decodeReadRequest(message: Uint8Array): ReadRequest {
  const reader = new ProtobufReader(message);
  const queries: ReadQuery[] = [];
  let streamed = false;
  while (reader.at < message.length) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | BYTES)) queries.push(readQuery(reader, reader.span()));
    else if (tag === ((2 << 3) | VARINT)) streamed ||= reader.varint() === STREAMED_XOR_CHUNKS;
    else if (tag === ((2 << 3) | BYTES)) {
      const end = reader.span();
      while (reader.at < end) streamed = reader.varint() === STREAMED_XOR_CHUNKS || streamed;
    } else reader.skip(tag & 7);
  }
  return { queries, streamed };
}

function readQuery(reader: ProtobufReader, end: number): ReadQuery {
  let startMs = 0;
  let endMs = 0;
  const matchers: Matcher[] = [];
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | VARINT)) startMs = reader.int64();
    else if (tag === ((2 << 3) | VARINT)) endMs = reader.int64();
    else if (tag === ((3 << 3) | BYTES)) matchers.push(readMatcher(reader, reader.span()));
    else reader.skip(tag & 7);
  }
  return { startMs, endMs, matchers };
}

function readMatcher(reader: ProtobufReader, end: number): Matcher {
  let op: MatchOp = '=';
  const texts: [string, string] = ['', ''];
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === ((1 << 3) | VARINT)) op = OPS[reader.varint()] ?? '=';
    else if (tag === ((2 << 3) | BYTES)) texts[0] = reader.text();
    else if (tag === ((3 << 3) | BYTES)) texts[1] = reader.text();
    else reader.skip(tag & 7);
  }
  return createMatcher(texts[0], op, texts[1]);
}

function writeSeries(writer: ProtobufWriter, { labels, timesMs, values }: SeriesData): void {
  for (const [name, value] of labels)
    writer.messageField(1, (label) => {
      label.textField(1, name);
      label.textField(2, value);
    });
  for (let at = 0; at < values.length; at++)
    writer.messageField(2, (sample) => {
      sample.doubleField(1, values, at);
      sample.int64Field(2, timesMs[at] as number);
    });
}
