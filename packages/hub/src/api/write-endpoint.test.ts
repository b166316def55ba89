import { type Appender, CodedError, LabelSet, type SeriesData, STALE_NAN } from '@nowcast/model';
import { FakeClock } from '@nowcast/std/testing';
import { openMemoryStore } from '@nowcast/tsdb';
import { describe, expect, test } from 'vitest';
import { ApiServer, type ApiServerOptions } from '../../test/api-fixture.ts';
import { writeRequest, writeRequestV2 } from '../../test/remote-write-client.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { snappyStore } from './snappy.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const VERSION_1 = 'application/x-protobuf;proto=prometheus.WriteRequest';
const VERSION_2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request';

function start(options: ApiServerOptions = {}): Promise<ApiServer> {
  return ApiServer.start({ clock: new FakeClock(NOW_MS), ...options });
}

function one(labels: Record<string, string>, value: number, timeMs: number = NOW_MS): SeriesData {
  return {
    labels: LabelSet.from(labels),
    timesMs: Float64Array.of(timeMs),
    values: Float64Array.of(value),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly written: string | null;
  readonly retryAfter: string | null;
}

async function post(
  server: ApiServer,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1/write`, {
    method: 'POST',
    body: Buffer.from(body),
    headers: { 'content-type': VERSION_1, 'content-encoding': 'snappy', ...headers },
  });
  return {
    status: response.status,
    text: await response.text(),
    written: response.headers.get('x-prometheus-remote-write-samples-written'),
    retryAfter: response.headers.get('retry-after'),
  };
}

async function ask(server: ApiServer, path: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v1/${path}`);
  return ((await response.json()) as { data: unknown }).data;
}

async function values(server: ApiServer, query: string): Promise<readonly string[]> {
  const data = await ask(server, `query?query=${encodeURIComponent(query)}`);
  const { result } = data as { result: readonly { value: readonly [number, string] }[] };
  return result.map(({ value }) => value[1]);
}

describe.each([
  ['1.0', VERSION_1, writeRequest],
  ['2.0', VERSION_2, writeRequestV2],
] as const)('remote write %s', (_, type, encode) => {
  const headers = { 'content-type': type };

  test('takes samples and says how many', async () => {
    await using server = await start();
    const body = encode([
      one({ __name__: 'up', job: 'a' }, 1),
      one({ __name__: 'up', job: 'ü' }, 2),
    ]);
    expect(await post(server, body, headers)).toMatchObject({
      status: 204,
      text: '',
      written: '2',
    });
    expect(await values(server, 'up{job="ü"}')).toEqual(['2']);
  });

  test('keeps staleness markers', async () => {
    await using server = await start();
    await post(server, encode([one({ __name__: 'up' }, 1, NOW_MS - 1_000)]), headers);
    expect(await values(server, 'up')).toEqual(['1']);
    await post(server, encode([one({ __name__: 'up' }, STALE_NAN)]), headers);
    expect(await values(server, 'up')).toEqual([]);
  });

  test('takes a request twice without harm', async () => {
    await using server = await start();
    const body = encode([one({ __name__: 'up' }, 1)]);
    await post(server, body, headers);
    expect(await post(server, body, headers)).toMatchObject({ status: 204, written: '1' });
    expect(server.store.stats()).toMatchObject({ accepted: 1, duplicate: 1 });
  });

  test('takes what it can and names the rest', async () => {
    await using server = await start();
    await post(server, encode([one({ __name__: 'newest' }, 1)]), headers);
    const mixed = encode([
      one({ __name__: 'fine' }, 1),
      one({ __name__: 'old' }, 1, NOW_MS - 90_000_000),
      one({ __name__: 'ahead' }, 1, NOW_MS + 3_600_000),
      one({ job: 'nameless' }, 1),
    ]);
    const { status, text, written } = await post(server, mixed, headers);
    expect([status, written]).toEqual([400, '1']);
    expect(text).toBe(
      "1 samples are older than the store keeps; 1 samples are too far ahead of the server's clock; " +
        '1 samples were left out: the metric name is missing\n',
    );
    expect(await values(server, 'fine')).toEqual(['1']);
  });

  test('names the limit of series, and goes on with the known ones', async () => {
    const clock = new FakeClock(NOW_MS);
    const store = openMemoryStore({ clock, seriesMax: 1 });
    await using server = await start({ clock, api: { appender: store, queryable: store } });
    await post(server, encode([one({ __name__: 'a' }, 1, NOW_MS - 1)]), headers);
    const both = encode([one({ __name__: 'a' }, 2), one({ __name__: 'b' }, 2)]);
    const { status, text, written } = await post(server, both, headers);
    expect([status, written]).toEqual([400, '1']);
    expect(text).toContain('the store holds 1 series');
  });

  test('asks for a repetition while the store cannot write', async () => {
    const clock = new FakeClock(NOW_MS);
    const store = openMemoryStore({ clock });
    const appender: Appender = {
      series: (labels) => store.series(labels),
      append: (timeMs, refs, column) => store.append(timeMs, refs, column),
      flushed: () => Promise.reject(new CodedError('store-unavailable', 'the disk is full')),
    };
    await using server = await start({ clock, api: { appender } });
    const answer = await post(server, encode([one({ __name__: 'a' }, 1)]), headers);
    expect(answer).toMatchObject({ status: 503, text: 'the disk is full\n', written: '0' });
  });

  test.each([
    ['not snappy', Uint8Array.of(255, 255, 255, 255, 255)],
    ['not a message', Uint8Array.of(2, 4, 0x2a, 0xff)],
  ])('refuses for good what is %s', async (_, body) => {
    await using server = await start();
    expect((await post(server, body, headers)).status).toBe(400);
  });
});

describe('remote write 2.0', () => {
  test('keeps samples beside native histograms, and the metadata of each series', async () => {
    await using server = await start();
    const body = writeRequestV2([
      { ...one({ __name__: 'hits_total' }, 1), type: 1, help: 'Hits.', unit: 'hits' },
      { ...one({ __name__: 'latency' }, 2), histogram: Uint8Array.of(8, 1) },
    ]);
    const { status, text, written } = await post(server, body, { 'content-type': VERSION_2 });
    expect([status, written]).toEqual([400, '2']);
    expect(text).toContain('1 native histograms were left out');
    expect(await ask(server, 'metadata')).toEqual({
      hits_total: [{ type: 'counter', help: 'Hits.', unit: 'hits' }],
    });
  });
});

describe('between sender and server', () => {
  test.each([
    [{ 'content-type': 'application/x-protobuf' }, 204],
    [{ 'content-type': `${VERSION_1}; charset=utf-8` }, 204],
    [{ 'content-type': 'application/json' }, 415],
    [{ 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v3.Request' }, 415],
    [{ 'content-encoding': 'gzip' }, 415],
  ])('%o is answered by %i', async (headers, status) => {
    await using server = await start();
    const body = writeRequest([one({ __name__: 'up' }, 1)]);
    expect((await post(server, body, headers as Record<string, string>)).status).toBe(status);
  });

  test('a body over the limit is refused for good', async () => {
    await using server = await start({ api: { limits: { bodyBytesMax: 10 } } });
    expect((await post(server, new Uint8Array(11))).status).toBe(413);
  });

  test('metadata that comes by itself is shown, that of families too', async () => {
    await using server = await start();
    await post(server, metadataRequest());
    expect(await ask(server, 'metadata?limit=1')).toEqual({
      latency_seconds: [{ type: 'histogram', help: 'Latency.', unit: '' }],
    });
    expect(await ask(server, 'metadata?limit_per_metric=0')).toEqual({ latency_seconds: [] });
  });
});

function metadataRequest(): Uint8Array {
  const request = new ProtobufWriter();
  request.messageField(3, (metadata) => {
    metadata.int64Field(1, 3);
    metadata.textField(2, 'latency_seconds');
    metadata.textField(4, 'Latency.');
  });
  return snappyStore(request.finish());
}

test('a series whose labels begin like those of another one is not taken for it', async () => {
  await using server = await start();
  const short = { __name__: 'up', a: '1' };
  const long = { ...short, b: '2' };
  for (const [at, second] of [short, long, short, long].entries()) {
    const first = one({ __name__: 'first' }, at, NOW_MS + at);
    await post(server, writeRequest([first, one(second, at, NOW_MS + at)]));
  }
  expect(await ask(server, `query?query=up&time=${NOW_MS / 1_000 + 1}`)).toMatchObject({
    result: [
      { metric: short, value: [expect.anything(), '2'] },
      { metric: long, value: [expect.anything(), '3'] },
    ],
  });
});
