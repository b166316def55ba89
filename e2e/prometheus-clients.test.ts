/** What speaks to a Prometheus speaks to Nowcast: promtool asks, a real Prometheus writes and reads. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ApiServer } from '../packages/hub/test/api-fixture.ts';
import { remoteWrite } from '../packages/hub/test/remote-write-client.ts';
import { randomSeries } from '../packages/promql/test/random-series.ts';
import { startHubProcess, temporaryFolder } from './fixtures/nowcast-process.ts';
import { hasPrometheus, PrometheusProcess } from './fixtures/prometheus-process.ts';

const run = promisify(execFile);
const PROMTOOL = '/usr/bin/promtool';

async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(PROMTOOL, [...args]);
  return stdout;
}

async function filled(): Promise<ApiServer> {
  const server = await ApiServer.start();
  await remoteWrite(server.url, randomSeries(Date.now(), 1));
  return server;
}

describe.skipIf(!existsSync(PROMTOOL))('promtool', () => {
  test('asks for an instant', async () => {
    await using server = await filled();
    const answer = await promtool('query', 'instant', server.url, 'count(requests_total)');
    expect(answer).toMatch(/^\{\} => 9 @\[/);
  });

  test('asks for a range', async () => {
    await using server = await filled();
    const end = Math.floor(Date.now() / 1_000) - 600;
    const span = [`--start=${end - 60}`, `--end=${end}`, '--step=30s'];
    const answer = await promtool('query', 'range', ...span, server.url, 'sum(temperature) * 0');
    expect(answer.trim().split('\n')).toHaveLength(4);
  });

  test('asks for series and label values', async () => {
    await using server = await filled();
    const series = await promtool('query', 'series', '--match=temperature', server.url);
    expect(series).toContain('{__name__="temperature", room="attic"}');
    expect(await promtool('query', 'labels', server.url, 'job')).toBe('api\ndb\nweb\n');
  });

  test('is told what is wrong', async () => {
    await using server = await filled();
    await expect(promtool('query', 'instant', server.url, 'sum(')).rejects.toThrow(
      'unclosed left parenthesis',
    );
  });
});

const LOST = [
  'prometheus_remote_storage_samples_failed_total',
  'prometheus_remote_storage_samples_dropped_total',
].map((name) => `sum(${name}) or vector(0)`);

describe.skipIf(!hasPrometheus)('Prometheus', () => {
  test('writes what it scrapes, without a dropped sample', async () => {
    await using server = await ApiServer.start();
    await using prometheus = await PrometheusProcess.start({ writeTo: server.url });
    const scraped = 'count_over_time(prometheus_build_info[1m])';
    await until(async () => Number(await scalar(server.url, scraped)) >= 3);
    for (const query of LOST) expect(await scalar(prometheus.url, query)).toBe('0');
    const metadata = await fetch(`${server.url}/api/v1/metadata?metric=prometheus_build_info`);
    expect(await metadata.json()).toMatchObject({ status: 'success' });
  });

  test('loses nothing while the hub is killed and started again', async () => {
    using folder = temporaryFolder();
    const options = { data: folder.path, flags: ['--no-agent'] };
    const first = await startHubProcess(options);
    await using prometheus = await PrometheusProcess.start({ writeTo: first.url });
    const times = (url: string): Promise<readonly number[]> => sampleTimes(url, 'up[5m]');
    await until(async () => (await times(first.url)).length >= 3);
    await first.stop('SIGKILL');
    const before = (await times(prometheus.url)).length;
    await until(async () => (await times(prometheus.url)).length >= before + 2);
    await using second = await startHubProcess({ ...options, port: first.port });
    const after = (await times(prometheus.url)).length;
    await until(async () => (await times(second.url)).length > after);
    const received = await times(second.url);
    const scraped = await times(prometheus.url);
    expect(received).toEqual(scraped.slice(0, received.length));
    for (const query of LOST) expect(await scalar(prometheus.url, query)).toBe('0');
  });

  test('reads through to us', async () => {
    await using server = await filled();
    await using prometheus = await PrometheusProcess.start({ readFrom: server.url });
    expect(await scalar(prometheus.url, 'count(last_over_time(requests_total[30m]))')).toBe('9');
    const query = `sum(max_over_time(temperature[30m] @ ${Math.floor(Date.now() / 1_000) - 60.5}))`;
    expect(await scalar(prometheus.url, query)).toBe(await scalar(server.url, query));
  });
});

/** The only value of an expression at this moment, or NaN. */
async function scalar(url: string, query: string): Promise<string> {
  const parameters = new URLSearchParams({ query: `scalar(${query})` });
  const response = await fetch(`${url}/api/v1/query?${parameters.toString()}`);
  const { data } = (await response.json()) as { data: { result: readonly [number, string] } };
  return data.result[1];
}

/** When the only series of a range selector has samples, in seconds. */
async function sampleTimes(url: string, query: string): Promise<readonly number[]> {
  const parameters = new URLSearchParams({ query });
  const response = await fetch(`${url}/api/v1/query?${parameters.toString()}`);
  const { data } = (await response.json()) as {
    data: { result: readonly { values: readonly (readonly [number, string])[] }[] };
  };
  return data.result[0]?.values.map(([time]) => time) ?? [];
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come about');
}
