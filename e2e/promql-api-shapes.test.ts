/** Every endpoint beside a real Prometheus that got the same samples: equal answers, or equal in shape. */
import { LabelSet, type SeriesData } from '@nowcast/model';
import { describe, expect, test } from 'vitest';
import { ApiServer } from '../packages/hub/test/api-fixture.ts';
import { decodeChunkedRead } from '../packages/hub/test/chunked-read-decoder.ts';
import { readRequest } from '../packages/hub/test/remote-read-client.ts';
import { remoteWrite } from '../packages/hub/test/remote-write-client.ts';
import { hasPrometheus, PrometheusProcess } from './fixtures/prometheus-process.ts';

const NOW_S = Math.floor(Date.now() / 1_000);
const AT = `time=${NOW_S}`;
const RANGE = `start=${NOW_S - 300}&end=${NOW_S}&step=60`;
const SPAN = `start=${NOW_S - 3_600}&end=${NOW_S + 60}`;

const q = encodeURIComponent;

/** The same status and the same JSON. */
const EQUAL: readonly string[] = [
  `query?query=up&${AT}`,
  `query?query=${q('sum by (job) (up)')}&${AT}`,
  `query?query=${q('up{job="none"}')}&${AT}`,
  `query?query=${q('scalar(sum(up))')}&${AT}`,
  `query?query=${q('"text"')}&${AT}`,
  `query?query=${q('up[3m1s]')}&${AT}`,
  `query?query=${q('1/0')}&${AT}`,
  `query_range?query=up&${RANGE}`,
  `query_range?query=1&${RANGE}`,
  `series?${SPAN}&match[]=${q('{job=~".+"}')}`,
  `labels?${SPAN}`,
  `labels?${SPAN}&match[]=hits_total`,
  `label/job/values?${SPAN}`,
  `label/none/values?${SPAN}`,
  `label/__name__/values?${SPAN}&match[]=${q('{job="b"}')}`,
  `query_exemplars?query=up&${SPAN}`,
  `format_query?query=${q('sum(up)by(job)')}`,
  'metadata',
  'metadata?metric=none&limit=1',
  'rules',
  'alerts',
  'alertmanagers',
  'targets/metadata',
];

/** The same keys all the way down, and values of the same kind. */
const ALIKE: readonly string[] = [
  'status/buildinfo',
  'status/runtimeinfo',
  'status/tsdb',
  'status/walreplay',
  `query?query=up&stats=all&${AT}`,
  `query_range?query=up&stats=all&${RANGE}`,
];

/** Refused with the same status and the same type of error. */
const REFUSED: readonly string[] = [
  'query?query=up%7B',
  'query?query=up&time=noon',
  'query?query=up&timeout=soon',
  `query?query=${q('up + on () up')}&${AT}`,
  'query_range?query=up&start=2&end=1&step=1',
  'query_range?query=up&start=1&end=2&step=0',
  'query_range?query=up&start=1&end=20000&step=1',
  'series',
  'label/job/values?match[]=%7B',
  'query_exemplars?query=up%7B',
  'format_query?query=up%7B',
];

function series(labels: Record<string, string>, values: readonly number[]): SeriesData {
  const from = NOW_S - (values.length - 1) * 60;
  return {
    labels: LabelSet.from(labels),
    timesMs: Float64Array.from(values, (_, at) => (from + at * 60) * 1_000),
    values: Float64Array.from(values),
  };
}

const SERIES: readonly SeriesData[] = [
  series({ __name__: 'hits_total', job: 'b', path: '/ü' }, [1, 2.5, 1e21, 4e-9]),
  series({ __name__: 'up', job: 'a' }, [1, 0, 1, Number.NaN]),
  series({ __name__: 'up', job: 'b' }, [1, 1, Infinity, -Infinity]),
  series({ __name__: 'up', job: 'c' }, [0, 0, 0, 0]),
];

describe.skipIf(!hasPrometheus)('beside Prometheus', () => {
  test('the endpoints answer alike', async () => {
    await using prometheus = await PrometheusProcess.start();
    await using ours = await ApiServer.start();
    for (const { url } of [prometheus, ours]) await remoteWrite(url, SERIES);
    for (const path of EQUAL)
      expect([path, await ask(ours.url, path)]).toEqual([path, await ask(prometheus.url, path)]);
    for (const path of ALIKE) {
      const theirs = shapeOf((await ask(prometheus.url, path)).body);
      expect([path, shapeOf((await ask(ours.url, path)).body)]).toMatchObject([path, theirs]);
    }
    for (const path of REFUSED) {
      const [mine, theirs] = await Promise.all([ask(ours.url, path), ask(prometheus.url, path)]);
      expect([path, mine.status, mine.body.errorType]).toEqual([
        path,
        theirs.status,
        theirs.body.errorType,
      ]);
    }
    const selector = `match[]=${q('{job=~".+"}')}`;
    const federated = await Promise.all(
      [prometheus, ours].map(async ({ url }) => exposed(`${url}/federate?${selector}`)),
    );
    expect(federated[1]).toEqual(federated[0]);
  });

  test('streamed remote read gives the same chunks', async () => {
    await using prometheus = await PrometheusProcess.start();
    await using ours = await ApiServer.start();
    for (const { url } of [prometheus, ours]) await remoteWrite(url, SERIES);
    const [theirs, mine] = await Promise.all(
      [prometheus, ours].map(async ({ url }) => {
        const response = await fetch(`${url}/api/v1/read`, {
          method: 'POST',
          body: Buffer.from(
            readRequest({ name: 'job', pattern: '.+' }, { startMs: 0, endMs: NOW_S * 1_000 }),
          ),
        });
        const type = response.headers.get('content-type');
        return { type, read: decodeChunkedRead(new Uint8Array(await response.arrayBuffer())) };
      }),
    );
    expect(mine?.type).toBe(theirs?.type);
    const plain = (answer: typeof mine): unknown =>
      answer?.read.map(({ labels, chunks }) => [
        labels.key,
        chunks.map((chunk) => Buffer.from(chunk).toString('hex')),
      ]);
    expect(plain(mine)).toEqual(plain(theirs));
  });
});

interface Answer {
  readonly status: number;
  readonly body: { readonly errorType?: string | undefined };
}

async function ask(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${path}`);
  return { status: response.status, body: sorted(await response.json()) as Answer['body'] };
}

/** Vectors come in no promised order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    const isSeries = items.some(
      (item) => typeof item === 'object' && item !== null && 'metric' in item,
    );
    const key = (item: unknown): string => JSON.stringify(item);
    return isSeries ? items.sort((a, b) => (key(a) < key(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, sorted(one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Keys and kinds; of a list the first item stands for all. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}

/** Sample lines, ordered; what stands in comments depends on what was scraped. */
async function exposed(url: string): Promise<readonly string[]> {
  const text = await (await fetch(url)).text();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) =>
      line
        .replace(/instance="",?/, '')
        .replace(/,\}/, '}')
        .replace('{}', '')
        // Go writes exponents with two digits.
        .replace(/e([+-])0(\d)/, 'e$1$2'),
    )
    .sort();
}
