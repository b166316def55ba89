/** A hub on the network: its core behind an HTTP listener, with the built-in agent beside it. */
import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { CloseCode } from '@nowcast/protocol';
import { systemClock, type Clock } from '@nowcast/std';
import { openDiskStore, openMemoryStore, type Store, type StoreEvent } from '@nowcast/tsdb';
import { destination, pino, type Logger } from 'pino';
import { DEFAULT_LIMITS } from './access/limits.ts';
import { isLoopback, type OriginRules } from './access/request-origin.ts';
import { keptToken, TokenGuard } from './access/token.ts';
import { prepareDataDir } from './data-dir.ts';
import { DEFAULT_HEALTH } from './health/tuning.ts';
import { createPrometheusApi, type PrometheusApi } from './api/prometheus-api.ts';
import { ThreadedQueryEngine } from './api/query-thread.ts';
import { WRITE_PATH } from './api/write-endpoint.ts';
import { createApp } from './http/app.ts';
import { directRoutes } from './http/direct-routes.ts';
import { Listener } from './http/listener.ts';
import { UpgradeGate } from './http/upgrade-gate.ts';
import { WebSocketEndpoint } from './http/websocket-endpoint.ts';
import { HubCore } from './hub-core.ts';
import { AgentSource } from './ingest/agent-source.ts';
import { DEFAULT_LIVE, type Hub, type HubOptions } from './options.ts';
import { samplesDirectory } from './store.ts';

const DEFAULT_PORT = 8080;
const STANDARD_ERROR = 2;

/**
 * Starts a hub and resolves when it listens.
 * @throws {CodedError} `port-in-use`, `address-unavailable`, `tls-unreadable`, `data-dir-unusable`, and what
 * opening the store throws.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { clock = systemClock, host = '127.0.0.1', tls } = options;
  const log = options.logger ?? pino({ name: 'nowcast' }, destination(STANDARD_ERROR));
  await prepareDataDir(options.dataDir);
  const exposed = !isLoopback(host);
  const token = options.token ?? (exposed ? await keptToken(options.dataDir) : undefined);
  const rules: OriginRules = {
    loopbackOnly: !exposed,
    origins: options.origins ?? [],
    hosts: [...(options.hosts ?? []), host],
  };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const core = new HubCore({
    store: await openStore(options, clock, { log, seriesMax: limits.seriesMax }),
    clock,
    log,
    limits,
    timing: { ...DEFAULT_LIVE, ...options.live },
    tokens: new TokenGuard(token),
    health: { ...DEFAULT_HEALTH, ...options.health },
  });
  const hub = new RunningHub({ options: { ...options, host }, core, rules, log });
  try {
    await hub.listen(
      await Listener.create({
        host,
        port: options.port ?? DEFAULT_PORT,
        tls,
        handler: hub.createHandler(),
        clock,
        log,
      }),
    );
  } catch (error) {
    await hub.close();
    throw error;
  }
  return hub;
}

interface HubParts {
  readonly options: HubOptions & { readonly host: string };
  readonly core: HubCore;
  readonly rules: OriginRules;
  readonly log: Logger;
}

class RunningHub implements Hub {
  readonly #parts: HubParts;
  readonly #gate: UpgradeGate;
  readonly #queries: ThreadedQueryEngine;
  #listener: Listener | undefined;
  #agent: AgentSource | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
    const { services, sessions, metrics } = parts.core;
    const { limits, tokens } = services;
    this.#queries = new ThreadedQueryEngine(services.clock);
    this.#gate = new UpgradeGate({ limits, rules: parts.rules, tokens, sessions, metrics });
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get url(): string {
    const { host, tls } = this.#parts.options;
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    const bracketed = name.includes(':') ? `[${name}]` : name;
    return `${tls === undefined ? 'http' : 'https'}://${bracketed}:${this.port}`;
  }

  get loginUrl(): string {
    const { token } = this.#parts.core.services.tokens;
    return token === undefined ? this.url : `${this.url}/?token=${encodeURIComponent(token)}`;
  }

  createHandler(): RequestListener {
    const { core, rules, options } = this.#parts;
    const { tokens } = core.services;
    const api = this.#createApi();
    const app = createApp({
      rules,
      tokens,
      metrics: core.metrics.registry,
      hosts: () => core.inventory.list(),
      api: api.app,
      webDir: options.webDir,
      secure: options.tls !== undefined,
      ready: () => this.#closed === undefined,
    });
    const respond = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    return directRoutes({
      rules,
      tokens,
      routes: new Map([
        [WRITE_PATH, (request, response) => void api.write.handle(request, response)],
      ]),
      otherwise: (request, response) => void respond(request, response),
    });
  }

  #createApi(): PrometheusApi {
    const { core, options } = this.#parts;
    const { clock, timing, version } = core.services;
    return createPrometheusApi({
      appender: core.ingest,
      queryable: core.store,
      clock,
      engine: this.#queries,
      limits: options.api,
      futureMs: timing.futureMs,
      metrics: core.metrics.registry,
      onLimit: (limit) => core.metrics.limit(limit),
      metadata: () => core.store.metadata(),
      storeStats: () => core.store.stats(),
      lookbackMs: timing.lookbackMs,
      corsOrigins: options.origins,
      version,
    });
  }

  async listen(listener: Listener): Promise<void> {
    const { core, options, log } = this.#parts;
    const { services, sessions, feeds } = core;
    const compression = options.compression ?? 'auto';
    const endpoint = new WebSocketEndpoint({
      services,
      sessions,
      feeds,
      gate: this.#gate,
      compression,
    });
    endpoint.attachTo(listener.server);
    await listener.listen();
    this.#listener = listener;
    if (options.agent ?? true)
      this.#agent = new AgentSource(core.ingest, services.clock, log.child({ part: 'agent' }));
    log.info({ url: this.url, version: services.version }, 'listening');
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { core, log } = this.#parts;
    this.#gate.close();
    await this.#agent?.close();
    const { drainMs } = core.services.timing;
    await core.sessions.closeAll(CloseCode.GOING_AWAY, 'going-away', drainMs);
    await this.#listener?.close();
    await this.#queries.close();
    await core.close();
    if (this.#listener !== undefined) log.info('closed');
  }
}

async function openStore(
  { store, dataDir }: HubOptions,
  clock: Clock,
  { log, seriesMax }: { readonly log: Logger; readonly seriesMax: number },
): Promise<Store> {
  if (store === 'memory') return openMemoryStore({ clock, seriesMax });
  const storeLog = log.child({ part: 'store' });
  const onEvent = ({ level, message, details }: StoreEvent): void => {
    storeLog[level](details ?? {}, message);
  };
  return openDiskStore({ directory: samplesDirectory(dataDir), clock, seriesMax, onEvent });
}
