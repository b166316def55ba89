/** What the server says about itself, in the shapes that Grafana and promtool read. */
import type { Hono } from 'hono';
import type { ApiContext } from './api-options.ts';
import { success } from './envelope.ts';
import { readParameters } from './parameters.ts';

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
    success(await tsdbStatus(context, await readParameters(c))),
  );
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

async function tsdbStatus(
  { options }: ApiContext,
  parameters: Awaited<ReturnType<typeof readParameters>>,
): Promise<unknown> {
  const topMax = parameters.limit('limit') ?? 10;
  const sets = await options.queryable.labelSets({ matcherSets: [] });
  const byMetric = new Map<string, number>();
  const byPair = new Map<string, number>();
  const valuesOf = new Map<string, Set<string>>();
  for (const labels of sets)
    for (const [name, value] of labels) {
      if (name === '__name__') count(byMetric, value);
      count(byPair, `${name}=${value}`);
      const values = valuesOf.get(name) ?? new Set<string>();
      valuesOf.set(name, values.add(value));
    }
  const valueCounts = new Map([...valuesOf].map(([name, values]) => [name, values.size]));
  const stats = options.storeStats?.();
  return {
    headStats: {
      numSeries: sets.length,
      numLabelPairs: byPair.size,
      chunkCount: 0,
      minTime: stats?.oldestMs ?? 0,
      maxTime: stats?.newestMs ?? 0,
    },
    seriesCountByMetricName: top(byMetric, topMax),
    labelValueCountByLabelName: top(valueCounts, topMax),
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: top(byPair, topMax),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function top(
  counts: ReadonlyMap<string, number>,
  max: number,
): readonly { readonly name: string; readonly value: number }[] {
  return [...counts]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value)
    .slice(0, max);
}
