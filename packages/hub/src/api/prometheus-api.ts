import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { ApiError, toApiError } from './api-error.ts';
import { type ApiContext, DEFAULT_API_LIMITS, type PrometheusApiOptions } from './api-options.ts';
import { compression } from './compression.ts';
import { failure } from './envelope.ts';
import { addFederateRoute } from './federate.ts';
import { InlineQueryEngine } from './query-engine.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addRemoteRoutes } from './remote-routes.ts';
import { addSeriesRoutes } from './series-routes.ts';
import { addStatusRoutes } from './status-routes.ts';

/**
 * The Prometheus HTTP API over a store: what Grafana, promtool, a remote-writing Prometheus and scripts
 * speak. Mounted at the root; it answers `/api/v1/…` and `/federate`.
 */
export function createPrometheusApi(options: PrometheusApiOptions): Hono {
  const context: ApiContext = {
    options,
    limits: { ...DEFAULT_API_LIMITS, ...options.limits },
    engine: options.engine ?? new InlineQueryEngine(options.clock),
    startedMs: options.clock.nowMs(),
  };
  const app = new Hono();
  const origins = options.corsOrigins ?? [];
  if (origins.length > 0)
    app.use('/api/v1/*', cors({ origin: origins.includes('*') ? '*' : [...origins] }));
  app.use('/api/v1/*', compression());
  addQueryRoutes(app, context);
  addSeriesRoutes(app, context);
  addStatusRoutes(app, context);
  addRemoteRoutes(app, context);
  addFederateRoute(app, context);
  app.all('/api/v1/*', (c) => {
    throw new ApiError('not_found', `no such endpoint: ${c.req.path}`);
  });
  app.onError((error) => failure(toApiError(error)));
  return app;
}
