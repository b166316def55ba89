/** `POST /api/v1/read`: streamed to those who can read that, as samples in one message to the others. */
import type { Context, Hono } from 'hono';
import { ApiError } from './api-error.ts';
import type { ApiContext } from './api-options.ts';
import { CHUNKED_CONTENT_TYPE, readFrames } from './chunked-read.ts';
import { ProtobufError } from './protobuf-reader.ts';
import { decodeReadRequest, type ReadRequest, sampledResponse } from './remote-read.ts';
import { snappyDecompress, SnappyError, snappyStore } from './snappy.ts';

export function addRemoteReadRoute(app: Hono, context: ApiContext): void {
  const { limits, gate, metrics } = context;
  app.post('/api/v1/read', async (c) => {
    const body = await readBody(c, limits.bodyBytesMax);
    if (!body) {
      metrics.limit('bodyBytesMax');
      return c.text(`the body is over ${limits.bodyBytesMax} bytes`, 413);
    }
    const { signal } = c.req.raw;
    const request = parse(body, limits.decompressedBytesMax);
    return gate.run(async () => answer(context, request, signal), signal);
  });
}

async function answer(
  { options, limits }: ApiContext,
  { queries, streamed }: ReadRequest,
  signal: AbortSignal,
): Promise<Response> {
  const results = [];
  for (const query of queries) {
    const bounds = { signal, samplesMax: limits.querySamplesMax };
    results.push((await options.queryable.select({ ...query, ...bounds })).series);
  }
  if (streamed) {
    const frames = results.flatMap((series, at) => [{ series, at }]);
    const all = (function* () {
      for (const { series, at } of frames) yield* readFrames(series, at);
    })();
    return new Response(streamOf(all), { headers: { 'content-type': CHUNKED_CONTENT_TYPE } });
  }
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
  return new Response(snappyStore(sampledResponse(results)), { headers });
}

/** Frames are made as the reader takes them, one for each turn of the event loop. */
function streamOf(frames: Iterator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const { value, done } = frames.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

async function readBody(c: Context, bytesMax: number): Promise<Uint8Array | undefined> {
  if (Number(c.req.header('content-length') ?? 0) > bytesMax) return undefined;
  const body = new Uint8Array(await c.req.arrayBuffer());
  return body.length > bytesMax ? undefined : body;
}

function parse(body: Uint8Array, bytesMax: number): ReadRequest {
  try {
    return decodeReadRequest(snappyDecompress(body, bytesMax));
  } catch (error) {
    if (error instanceof SnappyError || error instanceof ProtobufError)
      throw new ApiError('bad_data', error.message);
    throw error;
  }
}
