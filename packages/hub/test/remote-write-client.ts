import type { SeriesData } from '@nowcast/model';
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
