import { getRequestListener } from '@hono/node-server';
import { type Clock, systemClock } from '@nowcast/std';
import { openMemoryStore, type Store } from '@nowcast/tsdb';
import type { PrometheusApiOptions } from '../src/api/api-options.ts';
import { createPrometheusApi } from '../src/api/prometheus-api.ts';
import { WRITE_PATH } from '../src/api/write-endpoint.ts';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiServerOptions {
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Default one day. */
  readonly retentionMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly api?: Partial<PrometheusApiOptions> | undefined;
}

/** The HTTP API over a store in memory, served by this process. */
export class ApiServer implements AsyncDisposable {
  readonly url: string;
  readonly store: Store;
  readonly #server: Server;

  private constructor(url: string, store: Store, server: Server) {
    this.url = url;
    this.store = store;
    this.#server = server;
  }

  static async start(options: ApiServerOptions = {}): Promise<ApiServer> {
    const clock = options.clock ?? systemClock;
    const store = openMemoryStore({ retentionMs: options.retentionMs ?? 86_400_000, clock });
    const api = createPrometheusApi({
      appender: store,
      queryable: store,
      clock,
      metadata: () => store.metadata(),
      storeStats: () => store.stats(),
      ...options.api,
    });
    const respond = getRequestListener(api.app.fetch, { overrideGlobalObjects: false });
    const { server, port } = await listen(options.port ?? 0, (request, response) => {
      if (request.url === WRITE_PATH) void api.write.handle(request, response);
      else void respond(request, response);
    });
    return new ApiServer(`http://127.0.0.1:${port}`, store, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await this.store.close();
  }
}

function listen(
  wanted: number,
  listener: RequestListener,
): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve) => {
    const server = createServer(listener);
    server.listen(wanted, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as AddressInfo).port }),
    );
  });
}
