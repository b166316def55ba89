import type { LabelSet } from '@nowcast/model';
import { crc32c } from '../src/api/crc32c.ts';
import { BYTES, ProtobufReader, VARINT } from '../src/api/protobuf-reader.ts';
import { readLabels } from '../src/api/write-sink.ts';

export interface ChunkedSeries {
  readonly labels: LabelSet;
  readonly queryIndex: number;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  /** Each chunk as it came. */
  readonly chunks: readonly Uint8Array[];
}

/** Reads a stream of `prometheus.ChunkedReadResponse` frames; @throws when a checksum is wrong. */
export function decodeChunkedRead(stream: Uint8Array): readonly ChunkedSeries[] {
  const frames = new ProtobufReader(stream);
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const all: ChunkedSeries[] = [];
  while (frames.at < stream.length) {
    const size = frames.varint();
    const crc = view.getUint32(frames.at);
    const message = stream.subarray(frames.at + 4, frames.at + 4 + size);
    if (crc32c(message) !== crc) throw new Error('the checksum of a frame is wrong');
    frames.at += 4 + size;
    all.push(...readResponse(message));
  }
  return all;
}

function readResponse(message: Uint8Array): readonly ChunkedSeries[] {
  const reader = new ProtobufReader(message);
  const series: Omit<ChunkedSeries, 'queryIndex'>[] = [];
  let queryIndex = 0;
  while (reader.at < message.length) {
    const tag = reader.varint();
    if (tag === ((2 << 3) | VARINT)) queryIndex = reader.int64();
    else {
      const end = reader.span();
      series.push(readSeries(message.subarray(reader.at, end)));
      reader.at = end;
    }
  }
  return series.map((one) => ({ ...one, queryIndex }));
}

function readSeries(message: Uint8Array): Omit<ChunkedSeries, 'queryIndex'> {
  const reader = new ProtobufReader(message);
  const [labels, chunks]: [Uint8Array[], Uint8Array[]] = [[], []];
  while (reader.at < message.length) {
    const from = reader.at;
    const tag = reader.varint();
    const end = reader.span();
    if (tag === ((1 << 3) | BYTES)) labels.push(message.subarray(from, end));
    else chunks.push(chunkData(message.subarray(reader.at, end)));
    reader.at = end;
  }
  const samples = chunks.flatMap((chunk) => readXorChunk(chunk));
  return {
    labels: readLabels(Buffer.concat(labels)),
    chunks,
    timesMs: samples.map(([timeMs]) => timeMs),
    values: samples.map(([, value]) => value),
  };
}

function chunkData(message: Uint8Array): Uint8Array {
  const reader = new ProtobufReader(message);
  while (reader.at < message.length) {
    const tag = reader.varint();
    if (tag === ((4 << 3) | BYTES)) {
      const end = reader.span();
      return message.subarray(reader.at, end);
    }
    reader.skip(tag & 7);
  }
  throw new Error('a chunk without data');
}

/** Written from the format's description, with big integers throughout: slow, and nothing shared with the encoder. */
function readXorChunk(bytes: Uint8Array): readonly (readonly [number, number])[] {
  let at = 0;
  const read = (count: number): bigint => {
    let value = 0n;
    for (let bit = 0; bit < count; bit++, at++)
      value = (value << 1n) | BigInt(((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1);
    return value;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = read(8);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  const samples: [number, number][] = [];
  const float = new Float64Array(1);
  const word = new BigUint64Array(float.buffer);
  let [time, delta, bits, leading, trailing] = [0n, 0n, 0n, 0, 0];
  const count = Number(read(16));
  for (let index = 0; index < count; index++) {
    if (index === 0) {
      const zigzag = varint();
      time = zigzag & 1n ? -((zigzag + 1n) >> 1n) : zigzag >> 1n;
      bits = read(64);
    } else {
      delta = index === 1 ? varint() : delta + deltaOfDelta(read);
      time += delta;
      if (read(1) === 1n) {
        if (read(1) === 1n) {
          leading = Number(read(5));
          trailing = 64 - leading - (Number(read(6)) || 64);
        }
        bits ^= read(64 - leading - trailing) << BigInt(trailing);
      }
    }
    word[0] = bits;
    samples.push([Number(time), float[0] as number]);
  }
  return samples;
}

function deltaOfDelta(read: (count: number) => bigint): bigint {
  for (const size of [0, 14, 17, 20]) {
    if (read(1) === 1n) continue;
    const value = read(size);
    const half = size === 0 ? 0n : 1n << BigInt(size - 1);
    return value > half ? value - (half << 1n) : value;
  }
  return BigInt.asIntN(64, read(64));
}
