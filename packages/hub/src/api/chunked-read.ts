/**
 * Streamed remote read: frames of `prometheus.ChunkedReadResponse`, each with its length and checksum. Series
 * keep their order, and a series that does not fit into one frame goes on in the next.
 */
import type { SeriesData } from '@nowcast/model';
import { crc32c } from './crc32c.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { CHUNK_SAMPLES, encodeXorChunk } from './xor-chunk.ts';

export const CHUNKED_CONTENT_TYPE =
  'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse';

/** Frames are closed once they reach this; Prometheus takes up to 50 MB. */
const FRAME_BYTES = 1_048_576;
const XOR_ENCODING = 1;

/** The frames of one query's series. */
export function* readFrames(
  series: readonly SeriesData[],
  queryIndex: number,
): Generator<Uint8Array<ArrayBuffer>> {
  for (const one of series) {
    let from = 0;
    while (from < one.values.length) {
      const response = new ProtobufWriter();
      response.messageField(1, (writer) => {
        from = writeChunks(writer, one, from);
      });
      response.int64Field(2, queryIndex);
      yield frame(response.finish());
    }
  }
}

/** Writes labels and chunks from `from` on until the frame is full; returns where it stopped. */
function writeChunks(writer: ProtobufWriter, series: SeriesData, from: number): number {
  const { labels, timesMs, values } = series;
  for (const [name, value] of labels)
    writer.messageField(1, (label) => {
      label.textField(1, name);
      label.textField(2, value);
    });
  let at = from;
  while (at < values.length && writer.length < FRAME_BYTES) {
    const range = { from: at, to: Math.min(at + CHUNK_SAMPLES, values.length) };
    writer.messageField(2, (chunk) => {
      chunk.int64Field(1, Math.round(timesMs[range.from] as number));
      chunk.int64Field(2, Math.round(timesMs[range.to - 1] as number));
      chunk.int64Field(3, XOR_ENCODING);
      chunk.bytesField(4, encodeXorChunk(timesMs, values, range));
    });
    at = range.to;
  }
  return at;
}

/** The length as a varint, the checksum highest byte first, the message. */
function frame(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const head: number[] = [];
  let left = message.length;
  for (; left >= 128; left >>>= 7) head.push((left & 127) | 128);
  const crc = crc32c(message);
  head.push(left, crc >>> 24, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255);
  const bytes = new Uint8Array(head.length + message.length);
  bytes.set(head);
  bytes.set(message, head.length);
  return bytes;
}
