import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { MetricRegistry } from '../metrics/registry.ts';
import { ApiError, toApiError } from './api-error.ts';
import { ApiMetrics } from './api-metrics.ts';
import { type ApiLimits, DEFAULT_API_LIMITS } from './api-limits.ts';
import type { ApiContext, PrometheusApiOptions } from './api-options.ts';
import { compression } from './compression.ts';
import { failure } from './envelope.ts';
import { addFederateRoute } from './federate.ts';
import { MetadataBook } from './metadata-book.ts';
import { InlineQueryEngine } from './query-engine.ts';
import { QueryGate } from './query-gate.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addRemoteReadRoute } from './remote-read-route.ts';
import { addSeriesRoutes } from './series-routes.ts';
import { addStatusRoutes } from './status-routes.ts';
import { WriteEndpoint } from './write-endpoint.ts';

const FUTURE_DEFAULT_MS = 600_000;

export interface PrometheusApi {
  /** Answers `/api/v1/…` and `/federate`; mounted at the root. */
  readonly app: Hono;
  /** Answers `WRITE_PATH`, outside of the app. */
  readonly write: WriteEndpoint;
}

/**
 * The Prometheus HTTP API over a store: what Grafana, promtool, a remote-writing Prometheus and scripts
 * speak.
 */
export function createPrometheusApi(options: PrometheusApiOptions): PrometheusApi {
  const { clock, appender, futureMs = FUTURE_DEFAULT_MS } = options;
  const limits = { ...DEFAULT_API_LIMITS, ...options.limits };
  const metrics = new ApiMetrics(options.metrics ?? new MetricRegistry(), options.onLimit);
  const metadata = new MetadataBook();
  const write = new WriteEndpoint({
    appender,
    metadata,
    metrics,
    limits,
    nowMs: () => clock.nowMs(),
    futureMs,
  });
  const engine = options.engine ?? new InlineQueryEngine(clock);
  const startedMs = clock.nowMs();
  const gate = createGate(limits, metrics);
  const context = { options, limits, engine, metadata, metrics, gate, startedMs };
  return { write, app: createApp(context) };
}

function createGate(limits: ApiLimits, metrics: ApiMetrics): QueryGate {
  const { queriesAtOnceMax: atOnceMax, queriesWaitingMax: waitingMax } = limits;
  const gate = new QueryGate({
    atOnceMax,
    waitingMax,
    onWait: () => metrics.limit('queriesAtOnceMax'),
    onRefuse: () => metrics.limit('queriesWaitingMax'),
  });
  metrics.gauge('nowcast_queries_running', 'Queries that run now.', () => gate.running);
  metrics.gauge('nowcast_queries_waiting', 'Queries that wait for their turn.', () => gate.waiting);
  return gate;
}

function createApp(context: ApiContext): Hono {
  const app = new Hono();
  const origins = context.options.corsOrigins ?? [];
  if (origins.length > 0)
    app.use('/api/v1/*', cors({ origin: origins.includes('*') ? '*' : [...origins] }));
  app.use('/api/v1/*', compression());
  addQueryRoutes(app, context);
  addSeriesRoutes(app, context);
  addStatusRoutes(app, context);
  addRemoteReadRoute(app, context);
  addFederateRoute(app, context);
  app.all('/api/v1/*', (c) => {
    throw new ApiError('not_found', `no such endpoint: ${c.req.path}`);
  });
  app.onError((error) => failure(toApiError(error)));
  return app;
}
