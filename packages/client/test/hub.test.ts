import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Client, type ClientOptions, type SubscriptionEvent } from '@nowcast/client';
import { FileSpool } from '@nowcast/client/node';
import type { HubOptions } from '@nowcast/hub';
import { deferred } from '@nowcast/std';
import { startTestHub } from '@nowcast/testkit';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

/** The client against the real hub: what the scripted one cannot show is that both agree. */
function clientOf(url: string, options: Partial<ClientOptions> = {}): Client & Disposable {
  const client = connect({ url, WebSocket, policy: { backoffBaseMs: 10 }, ...options });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

/** Collects samples as `metric value`, and lets a test wait for one. */
class Seen {
  readonly samples: string[] = [];
  readonly events: string[] = [];
  #waiting: { readonly text: string; readonly found: () => void }[] = [];

  readonly onEvent = (event: SubscriptionEvent): void => {
    if (event.type === 'samples')
      event.batch.forEach((series, _timeMs, value) => {
        this.#note(this.samples, `${series.labels.metric} ${value}`);
      });
    else if (event.type === 'joined' || event.type === 'left')
      for (const { labels } of event.series)
        this.#note(this.events, `${labels.metric} ${event.type}`);
    else this.#note(this.events, event.type);
  };

  until(text: string): Promise<void> {
    if (this.samples.includes(text) || this.events.includes(text)) return Promise.resolve();
    const found = deferred();
    this.#waiting.push({ text, found: () => found.resolve() });
    return found.promise;
  }

  #note(list: string[], text: string): void {
    list.push(text);
    for (const one of this.#waiting) if (one.text === text) one.found();
  }
}

function until(client: Client, state: string): Promise<void> {
  const reached = deferred();
  const end = client.status.observe((status) => {
    if (status.state === state) reached.resolve();
  });
  return reached.promise.then(end);
}

const series = (name: string) => ({ ref: 0, labels: { __name__: name, job: 'test' } });
const publish = (name: string, value: number, timeMs: number) => ({
  timeMs,
  newSeries: [series(name)],
  refs: [0],
  values: [value],
});

describe('against a hub', () => {
  it('publishes, is acknowledged, and sees what it published, as history and live', async () => {
    await using hub = await startTestHub();
    using client = clientOf(hub.url);
    const publisher = client.publisher({ source: 'test' });
    const nowMs = Date.now();
    publisher.publish(publish('m', 1, nowMs - 2_000));
    publisher.publish(publish('m', 1, nowMs - 1_000));
    await publisher.flushed();
    const seen = new Seen();
    client.subscribe('m', { historyMs: 60_000, onEvent: seen.onEvent });
    await seen.until('live');
    publisher.publish(publish('m', NaN, nowMs));
    await seen.until('m NaN');
    expect(seen.samples).toEqual(['m 1', 'm 1', 'm NaN']);
    expect(seen.events).toEqual(['granted', 'm joined', 'live']);
    expect(publisher.stats).toMatchObject({ acknowledgedBatches: 3, rejectedSamples: 0 });
    expect(client.ageMs()).toBeLessThan(60_000);
  });

  it('goes on over a restart of the hub: nothing is lost, nothing is told twice', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nowcast-client-'));
    const options: Partial<HubOptions> = { dataDir: join(dir, 'hub'), store: 'disk' };
    const first = await startTestHub(options);
    const { port } = first.hub;
    using client = clientOf(first.url);
    const publisher = client.publisher({
      source: 'test',
      spool: new FileSpool({ dir: join(dir, 'spool') }),
    });
    const seen = new Seen();
    client.subscribe('m', { historyMs: 60_000, onEvent: seen.onEvent });
    const startMs = Date.now() - 10_000;
    for (const value of [1, 2, 3]) publisher.publish(publish('m', value, startMs + value * 100));
    await seen.until('m 3');
    await first[Symbol.asyncDispose]();
    await until(client, 'waiting');
    for (const value of [4, 5]) publisher.publish(publish('m', value, startMs + value * 100));
    await using _second = await startTestHub({ ...options, port });
    await seen.until('m 5');
    await publisher.flushed();
    expect(seen.samples).toEqual(['m 1', 'm 2', 'm 3', 'm 4', 'm 5']);
    // A hub that has just started knows no series before its publisher is back: m may leave and join again.
    expect(seen.events).toContain('resumed');
    rmSync(dir, { recursive: true, force: true });
  });

  it('keeps a series that has no sample within the outage', async () => {
    await using hub = await startTestHub();
    using client = clientOf(hub.url);
    const publisher = client.publisher({ source: 'test' });
    publisher.publish(publish('slow', 1, Date.now() - 60_000));
    await publisher.flushed();
    const seen = new Seen();
    client.subscribe('slow', { historyMs: 120_000, catchUpMaxMs: 1_000, onEvent: seen.onEvent });
    await seen.until('live');
    client.reconnect();
    await seen.until('resumed');
    seen.events.length = 0;
    await seen.until('live');
    publisher.publish(publish('slow', 2, Date.now()));
    await seen.until('slow 2');
    expect(seen.events).not.toContain('slow left');
  });

  it('is told of a wrong query, and of nothing else', async () => {
    await using hub = await startTestHub();
    using client = clientOf(hub.url);
    const refused = deferred<string>();
    client.subscribe('m{', {
      onEvent: (event) => {
        if (event.type === 'error') refused.resolve(`${event.error.code} ${event.retrying}`);
      },
    });
    expect(await refused.promise).toMatch(/ false$/);
    expect(client.status.value.state).toBe('online');
  });

  it('stops at a wrong token and starts with the right one', async () => {
    await using hub = await startTestHub({ token: 'right' });
    let token = 'wrong';
    using client = clientOf(hub.url, { token: () => token });
    await until(client, 'stopped');
    expect(client.status.value.lastClose).toMatchObject({ code: 4401 });
    token = 'right';
    client.reconnect();
    await until(client, 'online');
  });

  it('measures the path and watches alerts', async () => {
    await using hub = await startTestHub();
    using client = clientOf(hub.url);
    const snapshot = deferred<boolean>();
    client.watchAlerts((event) => snapshot.resolve(event.snapshot));
    expect(await snapshot.promise).toBe(true);
    const measured = deferred();
    client.status.observe(({ rttMs }) => {
      if (rttMs !== undefined) measured.resolve();
    });
    await measured.promise;
    expect(client.status.value).toMatchObject({ state: 'online', hubVersion: '0.1.0' });
  });

  it('hides and shows without losing what came meanwhile', async () => {
    await using hub = await startTestHub();
    using client = clientOf(hub.url);
    const publisher = client.publisher({ source: 'test' });
    const seen = new Seen();
    const subscription = client.subscribe('m', { historyMs: 60_000, onEvent: seen.onEvent });
    const startMs = Date.now() - 5_000;
    publisher.publish(publish('m', 1, startMs));
    await seen.until('m 1');
    subscription.setContract({ visible: false });
    for (const value of [2, 3, 4]) publisher.publish(publish('m', value, startMs + value));
    await publisher.flushed();
    subscription.setContract({ visible: true });
    await seen.until('m 4');
    expect(seen.samples).toEqual(['m 1', 'm 2', 'm 3', 'm 4']);
  });
});
