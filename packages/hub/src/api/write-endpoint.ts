/**
 * `POST /api/v1/write` straight on node:http: nothing stands between the socket and the decoder. Statuses are
 * the specification's: a sender repeats upon 5xx and 429, and upon nothing else.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiMetrics } from './api-metrics.ts';
import type { ApiLimits } from './api-limits.ts';
import { RemoteWriter, type RemoteWriteOptions, type WriteVersion } from './remote-write.ts';

export const WRITE_PATH = '/api/v1/write';

export interface WriteEndpointOptions extends Omit<RemoteWriteOptions, 'decompressedBytesMax'> {
  readonly limits: Pick<ApiLimits, 'bodyBytesMax' | 'decompressedBytesMax' | 'writeBytesAtOnceMax'>;
  readonly metrics: ApiMetrics;
}

/** A request that is refused before it is read. */
interface Refusal {
  readonly status: 405 | 413 | 415 | 429;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const RETRY_AFTER_S = '1';

export class WriteEndpoint {
  readonly #options: WriteEndpointOptions;
  readonly #writer: RemoteWriter;
  #bytesAtOnce = 0;

  constructor(options: WriteEndpointOptions) {
    this.#options = options;
    const { decompressedBytesMax } = options.limits;
    this.#writer = new RemoteWriter({ ...options, decompressedBytesMax });
    options.metrics.gauge(
      'nowcast_remote_write_pending_bytes',
      'Compressed bytes of remote writes that are not answered yet.',
      () => this.#bytesAtOnce,
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics } = this.#options;
    response.once('finish', () => metrics.writes.add(1, { status: String(response.statusCode) }));
    const version = negotiate(request);
    const refusal = typeof version === 'number' ? this.#refusalOfSize(request) : version;
    if (refusal !== undefined) return refuse(request, response, refusal);
    try {
      await this.#take(request, response, version as WriteVersion);
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      const message = error instanceof Error ? error.message : String(error);
      reply(response, 500, `${message}\n`);
    }
  }

  #refusalOfSize(request: IncomingMessage): Refusal | undefined {
    const { bodyBytesMax, writeBytesAtOnceMax } = this.#options.limits;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > bodyBytesMax) return this.#tooLarge();
    if (this.#bytesAtOnce === 0 || this.#bytesAtOnce + length <= writeBytesAtOnceMax)
      return undefined;
    this.#options.metrics.limit('writeBytesAtOnceMax');
    return {
      status: 429,
      message: `over ${writeBytesAtOnceMax} bytes of writes are under way; try again later`,
      headers: { 'retry-after': RETRY_AFTER_S },
    };
  }

  #tooLarge(): Refusal {
    const { bodyBytesMax } = this.#options.limits;
    this.#options.metrics.limit('bodyBytesMax');
    return { status: 413, message: `the body is over ${bodyBytesMax} bytes` };
  }

  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    version: WriteVersion,
  ): Promise<void> {
    const counted = { bytes: 0 };
    try {
      const body = await this.#read(request, counted);
      if (body === undefined) return refuse(request, response, this.#tooLarge());
      const { status, message, samplesWritten } = await this.#writer.write(body, version);
      this.#options.metrics.samplesWritten.add(samplesWritten);
      reply(response, status, message === '' ? '' : `${message}\n`, {
        'x-prometheus-remote-write-samples-written': String(samplesWritten),
        'x-prometheus-remote-write-histograms-written': '0',
        'x-prometheus-remote-write-exemplars-written': '0',
      });
    } finally {
      this.#bytesAtOnce -= counted.bytes;
    }
  }

  /** The body; undefined when it grows over the limit. */
  #read(request: IncomingMessage, counted: { bytes: number }): Promise<Uint8Array | undefined> {
    const chunks: Buffer[] = [];
    const { bodyBytesMax } = this.#options.limits;
    return new Promise((resolve, reject) => {
      request.on('data', (chunk: Buffer) => {
        if (counted.bytes > bodyBytesMax) return;
        counted.bytes += chunk.length;
        this.#bytesAtOnce += chunk.length;
        if (counted.bytes > bodyBytesMax) resolve(undefined);
        else chunks.push(chunk);
      });
      request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      request.on('error', reject);
      request.on('close', () => reject(new Error('the sender went away')));
    });
  }
}

/** The version of the message, by its Content-Type; what is not said is as version 1 had it. */
function negotiate(request: IncomingMessage): WriteVersion | Refusal {
  if (request.method !== 'POST')
    return { status: 405, message: 'remote write is a POST', headers: { allow: 'POST' } };
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding.toLowerCase() !== 'snappy')
    return { status: 415, message: `${encoding} is not supported; send Content-Encoding: snappy` };
  const [media, ...parameters] = (type ?? 'application/x-protobuf').split(';');
  const proto = parameters.map((one) => /^\s*proto="?([^"]*?)"?\s*$/i.exec(one)?.[1]).find(Boolean);
  if (media?.trim().toLowerCase() === 'application/x-protobuf') {
    if (proto === undefined || proto === 'prometheus.WriteRequest') return 1;
    if (proto === 'io.prometheus.write.v2.Request') return 2;
  }
  return {
    status: 415,
    message: `${type} is not supported; send application/x-protobuf with prometheus.WriteRequest or io.prometheus.write.v2.Request`,
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  // What is not read must not stand before the next request of the connection.
  request.resume();
  reply(response, refusal.status, `${refusal.message}\n`, refusal.headers);
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (text !== '') response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.writeHead(status, headers);
  response.end(text === '' ? undefined : text);
}
