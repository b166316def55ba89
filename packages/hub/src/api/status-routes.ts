/** What the server says about itself, in the shapes that Grafana and promtool read. */
import type { Hono } from 'hono';
import type { ApiContext } from './api-options.ts';
import { success } from './envelope.ts';
import { readParameters } from './parameters.ts';
import { tsdbStatus } from './tsdb-status.ts';

/** The version of Prometheus whose API and language this one follows; clients switch features by it. */
const FOLLOWED_VERSION = '3.5.0';

export function addStatusRoutes(app: Hono, context: ApiContext): void {
  const { options, startedMs } = context;
  app.get('/api/v1/status/buildinfo', () =>
    success({
      version: FOLLOWED_VERSION,
      revision: '',
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: 'nowcast',
      nowcastVersion: options.version ?? '0.1.0',
    }),
  );
  app.get('/api/v1/status/runtimeinfo', () => {
    const stats = options.storeStats?.();
    return success({
      startTime: new Date(startedMs).toISOString(),
      CWD: '',
      reloadConfigSuccess: true,
      lastConfigTime: new Date(startedMs).toISOString(),
      corruptionCount: 0,
      goroutineCount: 0,
      GOMAXPROCS: 1,
      GOGC: '',
      GODEBUG: '',
      storageRetention: '',
      timeSeriesCount: stats?.series ?? 0,
    });
  });
  app.get('/api/v1/status/tsdb', async (c) =>
    success(await tsdbStatus(context, (await readParameters(c)).limit('limit'), c.req.raw.signal)),
  );
  app.get('/api/v1/status/walreplay', () => success({ min: 0, max: 0, current: 0 }));
  app.get('/api/v1/status/config', () => success({ yaml: options.configYaml?.() ?? '' }));
  app.get('/api/v1/status/flags', () => success(options.flags?.() ?? {}));
  app.get('/api/v1/rules', () => success({ groups: [] }));
  app.get('/api/v1/alerts', () => success({ alerts: [] }));
  app.get('/api/v1/alertmanagers', () =>
    success({ activeAlertmanagers: [], droppedAlertmanagers: [] }),
  );
  app.get('/api/v1/targets', () =>
    success({ activeTargets: [], droppedTargets: [], droppedTargetCounts: {} }),
  );
  app.get('/api/v1/scrape_pools', () => success({ scrapePools: [] }));
}
