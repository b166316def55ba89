import { serve, type ServerType } from '@hono/node-server';
import { type Clock, systemClock } from '@nowcast/std';
import { openMemoryStore, type Store } from '@nowcast/tsdb';
import type { PrometheusApiOptions } from '../src/api/api-options.ts';
import { createPrometheusApi } from '../src/api/prometheus-api.ts';

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
  readonly #server: ServerType;

  private constructor(url: string, store: Store, server: ServerType) {
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
    api.get('/-/ready', (c) => c.text('ready'));
    const { server, port } = await listen(api.fetch, options.port ?? 0);
    return new ApiServer(`http://127.0.0.1:${port}`, store, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await this.store.close();
  }
}

async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  wanted: number,
): Promise<{ readonly server: ServerType; readonly port: number }> {
  return new Promise((resolve) => {
    const server = serve({ fetch, port: wanted, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ server, port }),
    );
  });
}
