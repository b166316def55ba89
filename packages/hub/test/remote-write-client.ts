import type { LabelSet, SeriesData } from '@nowcast/model';
import { ProtobufWriter } from '../src/api/protobuf-writer.ts';
import { snappyStore } from '../src/api/snappy.ts';

/** Sends series to a remote-write endpoint as one request. */
export async function remoteWrite(baseUrl: string, series: readonly SeriesData[]): Promise<void> {
  const response = await fetch(`${baseUrl}/api/v1/write`, {
    method: 'POST',
    body: Buffer.from(writeRequest(series)),
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

/** A snappy-compressed `prometheus.WriteRequest`. */
export function writeRequest(series: readonly SeriesData[]): Uint8Array {
  const request = new ProtobufWriter();
  for (const { labels, timesMs, values } of series)
    request.messageField(1, (one) => {
      for (const [name, value] of labels)
        one.messageField(1, (label) => {
          label.textField(1, name);
          label.textField(2, value);
        });
      for (let at = 0; at < values.length; at++)
        one.messageField(2, (sample) => {
          sample.doubleField(1, values, at);
          sample.int64Field(2, timesMs[at] as number);
        });
    });
  return snappyStore(request.finish());
}

export interface SeriesV2 {
  readonly labels: LabelSet;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
  /** By the number the protocol gives it. */
  readonly type?: number | undefined;
  /** Bytes of a native histogram. */
  readonly histogram?: Uint8Array | undefined;
}

/** A snappy-compressed `io.prometheus.write.v2.Request`. */
export function writeRequestV2(series: readonly SeriesV2[]): Uint8Array {
  const symbols = new Map<string, number>([['', 0]]);
  const refOf = (text: string): number => {
    const ref = symbols.get(text) ?? symbols.size;
    symbols.set(text, ref);
    return ref;
  };
  const body = new ProtobufWriter();
  for (const one of series) body.messageField(5, (writer) => writeSeriesV2(writer, one, refOf));
  const request = new ProtobufWriter();
  for (const text of symbols.keys()) request.textField(4, text);
  return snappyStore(Buffer.concat([request.finish(), body.finish()]));
}

function writeSeriesV2(
  writer: ProtobufWriter,
  { labels, timesMs, values, help, unit, type, histogram }: SeriesV2,
  refOf: (text: string) => number,
): void {
  for (const text of labels.pairs) writer.int64Field(1, refOf(text));
  for (let at = 0; at < values.length; at++)
    writer.messageField(2, (sample) => {
      sample.doubleField(1, values, at);
      sample.int64Field(2, timesMs[at] as number);
    });
  if (histogram !== undefined) writer.bytesField(3, histogram);
  if (type !== undefined || help !== undefined || unit !== undefined)
    writer.messageField(5, (metadata) => {
      metadata.int64Field(1, type ?? 0);
      metadata.int64Field(3, refOf(help ?? ''));
      metadata.int64Field(4, refOf(unit ?? ''));
    });
}
