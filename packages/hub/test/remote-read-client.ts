import type { TimeRange } from '@nowcast/model';
import { ProtobufWriter } from '../src/api/protobuf-writer.ts';
import { snappyStore } from '../src/api/snappy.ts';

const REGEX_MATCH = 2;
const STREAMED_XOR_CHUNKS = 1;

/** A snappy-compressed `prometheus.ReadRequest` for series whose label meets a pattern, in streamed chunks. */
export function readRequest(
  { name, pattern }: { readonly name: string; readonly pattern: string },
  { startMs, endMs }: TimeRange,
): Uint8Array {
  const request = new ProtobufWriter();
  request.messageField(1, (query) => {
    query.int64Field(1, startMs);
    query.int64Field(2, endMs);
    query.messageField(3, (matcher) => {
      matcher.int64Field(1, REGEX_MATCH);
      matcher.textField(2, name);
      matcher.textField(3, pattern);
    });
  });
  request.int64Field(2, STREAMED_XOR_CHUNKS);
  return snappyStore(request.finish());
}
