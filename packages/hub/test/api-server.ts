/**
 * The HTTP API over a store in memory that forgets nothing: `tsx api-server.ts PORT`. For checks that load
 * samples of any age, which a hub with its retention would refuse.
 */
import { serve } from '@hono/node-server';
import { createPrometheusApi } from '../src/api/prometheus-api.ts';
import { systemClock } from '@nowcast/std';
import { openMemoryStore } from '@nowcast/tsdb';

const FOREVER_MS = 100 * 365 * 86_400_000;

const store = openMemoryStore({ retentionMs: FOREVER_MS, clock: systemClock });
const app = createPrometheusApi({
  appender: store,
  queryable: store,
  clock: systemClock,
  metadata: () => store.metadata(),
});
app.get('/-/ready', (c) => c.text('ready'));

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' });
