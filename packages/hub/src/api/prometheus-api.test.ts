import { LabelSet } from '@nowcast/model';
import { deferred } from '@nowcast/std';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, test } from 'vitest';
import { ApiServer, type ApiServerOptions } from '../../test/api-fixture.ts';
import { remoteWrite } from '../../test/remote-write-client.ts';
import type { QueryEngine } from './query-engine.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const NOW_S = NOW_MS / 1_000;

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly status: string;
    readonly data: unknown;
    readonly errorType?: string;
    readonly error?: string;
    readonly warnings?: readonly string[];
    readonly infos?: readonly string[];
  };
}

async function start(options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = await ApiServer.start({ clock: new FakeClock(NOW_MS), ...options });
  await remoteWrite(server.url, [
    series({ __name__: 'up', job: 'a' }, [1, 1, 0]),
    series({ __name__: 'up', job: 'b' }, [1, 0, 1]),
    series({ __name__: 'hits_total', job: 'a' }, [10, 20, 30]),
    series({ __name__: 'room.temperature', floor: '1' }, [20, 20.5, 21]),
  ]);
  return server;
}

/** One sample a minute, the last one now. */
function series(
  labels: Record<string, string>,
  values: readonly number[],
): Parameters<typeof remoteWrite>[1][number] {
  const from = NOW_MS - (values.length - 1) * 60_000;
  return {
    labels: LabelSet.from(labels),
    timesMs: Float64Array.from(values, (_, at) => from + at * 60_000),
    values: Float64Array.from(values),
  };
}

async function get(
  server: ApiServer,
  path: string,
  parameters: Readonly<Record<string, string | readonly string[]>> = {},
  init: RequestInit = {},
): Promise<Reply> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const one of [value].flat()) search.append(name, one);
  const url =
    init.method === 'POST' ? `${server.url}${path}` : `${server.url}${path}?${search.toString()}`;
  const body = init.method === 'POST' ? { body: search } : {};
  const response = await fetch(url, { ...init, ...body });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  };
}

describe('query', () => {
  test('answers a vector at the time asked for, GET and POST alike', async () => {
    await using server = await start();
    const asked = { query: 'up{job="a"}', time: String(NOW_S - 60) };
    const { status, body, headers } = await get(server, '/api/v1/query', asked);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [{ metric: { __name__: 'up', job: 'a' }, value: [NOW_S - 60, '1'] }],
      },
    });
    const posted = await get(server, '/api/v1/query', asked, { method: 'POST' });
    expect(posted.body).toEqual(body);
  });

  test('means now when no time is given, and takes RFC 3339', async () => {
    await using server = await start();
    const scalar = (body: Reply['body']): unknown => (body.data as { result: unknown }).result;
    expect(scalar((await get(server, '/api/v1/query', { query: 'time()' })).body)).toEqual([
      NOW_S,
      String(NOW_S),
    ]);
    const dated = { query: 'time()', time: '2026-01-01T11:00:00.5+01:00' };
    expect(scalar((await get(server, '/api/v1/query', dated)).body)).toEqual([
      NOW_S - 7_199.5,
      String(NOW_S - 7_199.5),
    ]);
  });

  test('answers strings, range vectors and unusual values', async () => {
    await using server = await start();
    const result = async (query: string): Promise<unknown> =>
      ((await get(server, '/api/v1/query', { query })).body.data as { result: unknown }).result;
    expect(await result('"text"')).toEqual([NOW_S, 'text']);
    expect(await result('up{job="b"}[2m]')).toEqual([
      {
        metric: { __name__: 'up', job: 'b' },
        values: [
          [NOW_S - 60, '0'],
          [NOW_S, '1'],
        ],
      },
    ]);
    expect(await result('-1/0')).toEqual([NOW_S, '-Inf']);
    expect(await result('1e21')).toEqual([NOW_S, '1e+21']);
    expect(await result('{"room.temperature"}')).toHaveLength(1);
  });

  test('puts remarks beside the data', async () => {
    await using server = await start();
    const rate = await get(server, '/api/v1/query', { query: 'rate(up[5m])' });
    expect(rate.body.infos).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "up" (1:6)',
    ]);
    const quantile = await get(server, '/api/v1/query', { query: 'quantile(2, up)' });
    expect(quantile.body.warnings).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)',
    ]);
  });

  test.each([
    [
      { query: 'up{' },
      400,
      'bad_data',
      'invalid parameter "query": 1:4: parse error: unexpected end of input inside braces',
    ],
    [
      { query: 'up', time: 'noon' },
      400,
      'bad_data',
      'invalid parameter "time": cannot parse "noon" to a valid timestamp',
    ],
    [
      { query: 'up', limit: '-1' },
      400,
      'bad_data',
      'invalid parameter "limit": limit must be a non-negative number',
    ],
    [{ query: 'up + on(x) up' }, 422, 'execution', undefined],
  ])('refuses %o', async (parameters, status, type, message) => {
    await using server = await start();
    const { status: got, body } = await get(server, '/api/v1/query', parameters);
    expect([got, body.status, body.errorType]).toEqual([status, 'error', type]);
    if (message !== undefined) expect(body.error).toBe(message);
  });

  test('honours limit, lookback_delta and stats', async () => {
    await using server = await start();
    const limited = await get(server, '/api/v1/query', { query: 'up', limit: '1', stats: 'all' });
    expect((limited.body.data as { result: unknown[] }).result).toHaveLength(1);
    expect(limited.body.warnings).toEqual(['results truncated due to limit']);
    expect(limited.body.data).toMatchObject({ stats: { samples: { totalQueryableSamples: 6 } } });
    const later = { query: 'up', time: String(NOW_S + 30), lookback_delta: '20s' };
    expect((await get(server, '/api/v1/query', later)).body.data).toMatchObject({ result: [] });
  });

  test('names the limit a query meets', async () => {
    await using server = await start({ api: { limits: { querySamplesMax: 3 } } });
    const { status, body } = await get(server, '/api/v1/query', { query: 'up' });
    expect([status, body.errorType]).toEqual([422, 'execution']);
    expect(body.error).toContain('3 samples');
  });
});

describe('query_range', () => {
  test('answers a matrix', async () => {
    await using server = await start();
    const range = { start: String(NOW_S - 120), end: String(NOW_S), step: '1m' };
    const { body } = await get(server, '/api/v1/query_range', { query: 'sum(up)', ...range });
    expect(body.data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [NOW_S - 120, '2'],
            [NOW_S - 60, '1'],
            [NOW_S, '1'],
          ],
        },
      ],
    });
  });

  test.each([
    [
      { start: '10', end: '5', step: '1' },
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      { start: '0', end: '5', step: '0' },
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      { start: '0', end: '11002', step: '1' },
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [{ end: '5', step: '1' }, 'invalid parameter "start": cannot parse "" to a valid timestamp'],
  ])('refuses %o', async (range, message) => {
    await using server = await start();
    const { status, body } = await get(server, '/api/v1/query_range', { query: 'up', ...range });
    expect([status, body.errorType, body.error]).toEqual([400, 'bad_data', message]);
  });
});

describe('what there is', () => {
  test('series, labels, label values', async () => {
    await using server = await start();
    const data = async (path: string, parameters = {}): Promise<unknown> =>
      (await get(server, path, parameters)).body.data;
    expect(await data('/api/v1/series', { 'match[]': ['up{job="a"}', 'hits_total'] })).toEqual([
      { __name__: 'hits_total', job: 'a' },
      { __name__: 'up', job: 'a' },
    ]);
    expect(await data('/api/v1/labels')).toEqual(['__name__', 'floor', 'job']);
    expect(await data('/api/v1/labels', { 'match[]': 'up' })).toEqual(['__name__', 'job']);
    expect(await data('/api/v1/label/job/values')).toEqual(['a', 'b']);
    expect(await data('/api/v1/label/__name__/values', { limit: '2' })).toEqual([
      'hits_total',
      'room.temperature',
    ]);
    const long = await get(server, '/api/v1/series');
    expect([long.status, long.body.error]).toEqual([400, 'no match[] parameter provided']);
  });

  test('expressions, formatted and as trees', async () => {
    await using server = await start();
    const query = 'sum(rate(hits_total{job="a"}[5m]))by(job)';
    expect((await get(server, '/api/v1/format_query', { query })).body.data).toBe(
      'sum by (job) (rate(hits_total{job="a"}[5m]))',
    );
    expect((await get(server, '/api/v1/parse_query', { query })).body.data).toMatchObject({
      type: 'aggregation',
      op: 'sum',
      expr: { type: 'call', args: [{ type: 'matrixSelector', range: 300_000 }] },
    });
  });

  test.each([
    ['/api/v1/rules', { groups: [] }],
    ['/api/v1/alerts', { alerts: [] }],
    ['/api/v1/targets', { activeTargets: [], droppedTargets: [], droppedTargetCounts: {} }],
    ['/api/v1/status/flags', {}],
    ['/api/v1/status/config', { yaml: '' }],
    ['/api/v1/query_exemplars?query=up', []],
    ['/api/v1/metadata', {}],
  ])('%s', async (path, data) => {
    await using server = await start();
    const response = await fetch(`${server.url}${path}`);
    expect(await response.json()).toEqual({ status: 'success', data });
  });

  test('status of the build and the store', async () => {
    await using server = await start();
    expect((await get(server, '/api/v1/status/buildinfo')).body.data).toMatchObject({
      application: 'nowcast',
    });
    expect((await get(server, '/api/v1/status/tsdb')).body.data).toMatchObject({
      headStats: { numSeries: 4 },
      seriesCountByMetricName: [{ name: 'up', value: 2 }, {}, {}],
    });
    const unknown = await get(server, '/api/v1/nonsense');
    expect([unknown.status, unknown.body.errorType]).toEqual([404, 'not_found']);
  });

  test('the newest samples as text for another Prometheus', async () => {
    await using server = await start();
    const response = await fetch(
      `${server.url}/federate?${new URLSearchParams({ 'match[]': '{__name__=~"up|room.*"}' }).toString()}`,
    );
    expect(await response.text()).toBe(
      [
        `{"room.temperature",floor="1"} 21 ${NOW_MS}`,
        '# TYPE up untyped',
        `up{job="a"} 0 ${NOW_MS}`,
        `up{job="b"} 1 ${NOW_MS}`,
        '',
      ].join('\n'),
    );
  });
});

describe('between client and server', () => {
  test('a request that is given up ends its query', async () => {
    const [asked, ended] = [deferred<AbortSignal>(), deferred()];
    const engine: QueryEngine = {
      evaluate({ signal }) {
        asked.resolve(signal);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended.resolve();
            reject(signal.reason);
          });
        });
      },
    };
    await using server = await start({ api: { engine } });
    const controller = new AbortController();
    const { signal } = controller;
    const request = fetch(`${server.url}/api/v1/query?query=up`, { signal });
    const given = expect(request).rejects.toThrow('aborted');
    expect((await asked.promise).aborted).toBe(false);
    controller.abort();
    await given;
    await ended.promise;
  });

  test('queries wait for each other, but not without end', async () => {
    const release = deferred();
    const engine: QueryEngine = {
      async evaluate() {
        await release.promise;
        return {
          text: '"resultType":"vector","result":[]',
          warnings: [],
          infos: [],
          samplesLoaded: 0,
        };
      },
    };
    const limits = { queriesAtOnceMax: 1, queriesWaitingMax: 1 };
    await using server = await start({ api: { engine, limits } });
    const statuses = [1, 2, 3].map(
      async () => (await get(server, '/api/v1/query', { query: 'up' })).status,
    );
    expect(await Promise.race(statuses)).toBe(503);
    release.resolve();
    expect((await Promise.all(statuses)).filter((status) => status === 200)).toHaveLength(2);
  });

  test('other origins are let in only where configured', async () => {
    await using server = await start({ api: { corsOrigins: ['https://board.example.org'] } });
    const allowed = async (origin: string): Promise<string | null> => {
      const response = await fetch(`${server.url}/api/v1/labels`, { headers: { origin } });
      await response.arrayBuffer();
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://board.example.org')).toBe('https://board.example.org');
    expect(await allowed('https://other.example.org')).toBeNull();
  });

  test('long answers are compressed for those who can read it', async () => {
    await using server = await start();
    const many = Array.from({ length: 50 }, (_, at) =>
      series({ __name__: 'many', n: `${at}` }, [at]),
    );
    await remoteWrite(server.url, many);
    const ask = async (encoding: string): Promise<string | null> => {
      const headers = { 'accept-encoding': encoding };
      const response = await fetch(`${server.url}/api/v1/query?query=many`, { headers });
      await response.arrayBuffer();
      return response.headers.get('content-encoding');
    };
    expect(await ask('gzip')).toBe('gzip');
    expect(await ask('zstd')).toBeNull();
  });
});
