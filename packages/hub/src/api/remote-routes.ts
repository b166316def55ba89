import type { Context, Hono } from 'hono';
import { ApiError } from './api-error.ts';
import type { ApiContext } from './api-options.ts';
import { ProtobufError } from './protobuf-reader.ts';
import { answerRead } from './remote-read.ts';
import { RemoteWriter } from './remote-write.ts';
import { snappyDecompress, SnappyError, snappyStore } from './snappy.ts';

const VERSION_2 = 'io.prometheus.write.v2.Request';

export function addRemoteRoutes(app: Hono, { options, limits }: ApiContext): void {
  const writer = new RemoteWriter({
    appender: options.appender,
    nowMs: () => options.clock.nowMs(),
    decompressedBytesMax: limits.decompressedBytesMax,
    futureMs: limits.futureMs,
  });
  app.post('/api/v1/write', async (c) => {
    if ((c.req.header('content-type') ?? '').includes(VERSION_2))
      return c.text('remote write 2.0 is not supported; send prometheus.WriteRequest', 415);
    const body = await readBody(c, limits.bodyBytesMax);
    if (!body) return c.text(`the body is over ${limits.bodyBytesMax} bytes`, 413);
    const { status, message, samplesWritten } = await writer.write(body);
    const headers = { 'x-prometheus-remote-write-samples-written': String(samplesWritten) };
    return status === 204 ? c.body(null, 204, headers) : c.text(message, status, headers);
  });
  app.post('/api/v1/read', async (c) => {
    const body = await readBody(c, limits.bodyBytesMax);
    if (!body) return c.text(`the body is over ${limits.bodyBytesMax} bytes`, 413);
    const response = await answerRead(
      decompress(body, limits.decompressedBytesMax),
      options.queryable,
      {
        samplesMax: limits.querySamplesMax,
        signal: c.req.raw.signal,
      },
    ).catch(refuse);
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
    return new Response(snappyStore(response), { headers });
  });
}

async function readBody(c: Context, bytesMax: number): Promise<Uint8Array | undefined> {
  if (Number(c.req.header('content-length') ?? 0) > bytesMax) return undefined;
  const body = new Uint8Array(await c.req.arrayBuffer());
  return body.length > bytesMax ? undefined : body;
}

function decompress(body: Uint8Array, bytesMax: number): Uint8Array {
  try {
    return snappyDecompress(body, bytesMax);
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof SnappyError || error instanceof ProtobufError)
    throw new ApiError('bad_data', error.message);
  throw error;
}
