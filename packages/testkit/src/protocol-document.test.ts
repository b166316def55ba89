/** PROTOCOL.md, held to the code: fields, limits, codes, and its example sessions word for word. */
import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS, hubErrors, type HubLimits } from '@nowcast/hub';
import {
  CloseCode,
  downSchemas,
  JSON_SUBPROTOCOL,
  protocolErrors,
  upSchemas,
  verdictOf,
  type DownMessage,
  type UpMessage,
} from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { describe, expect, test } from 'vitest';
import { SessionClient } from './session-client.ts';
import { startTestHub } from './test-hub.ts';
import { TestPublisher } from './test-publisher.ts';

const text = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');

/** The text under a heading, up to the next heading of any level. */
function section(heading: string): string {
  const [, after] = text.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`PROTOCOL.md has no ${heading}`);
  return after.split(/^#/m)[0] ?? '';
}

function rows(heading: string): string[][] {
  return section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('fields', () => {
  const schemas = { ...upSchemas, ...downSchemas } as unknown as Record<
    string,
    { readonly entries: Record<string, { readonly type: string }> }
  >;

  test.each(['hello', 'welcome', 'subscribe', 'update', 'publish', 'alerts'])(
    '%s has the fields of its schema, optional where they are',
    (type) => {
      const documented = rows(`### ${type}`)
        .filter(([name]) => name !== 'field')
        .map(([name = '']) => name.replaceAll('`', ''));
      const fields = Object.entries(schemas[type]?.entries ?? {})
        .filter(([name]) => name !== 'type')
        .map(([name, { type: kind }]) => (kind === 'optional' ? `${name}?` : name));
      expect(documented.toSorted()).toEqual(fields.toSorted());
    },
  );
});

describe('limits and codes', () => {
  const defaults = rows('## Limits').map(([, value = '']) => value);
  const spelled: Partial<Record<keyof HubLimits, string>> = {
    messageBytesMax: '1 MiB',
    sendQueueBytesMax: '4 MiB',
    helloTimeoutMs: '10 s',
    sendStallMs: '30 s',
    errorsPerMinuteMax: '100 a minute',
  };

  test.each(Object.keys(DEFAULT_LIMITS) as (keyof HubLimits)[])('%s', (name) => {
    const value = spelled[name] ?? DEFAULT_LIMITS[name].toLocaleString('en');
    if (name === 'sendStallMs') expect(section('## Limits')).toContain(value);
    else expect(defaults).toContain(value);
  });

  test('every close code and what to do', () => {
    const documented = new Map(
      rows('## Close codes').map(([code = '', , what = '']) => [code, what]),
    );
    for (const code of Object.values(CloseCode))
      expect(documented.get(String(code)), String(code)).toContain(verdictOf(code));
  });

  test('codes of an ack are those a batch can meet', () => {
    const [, list = ''] = /Codes: ([^.]*)\./.exec(section('### ack')) ?? [];
    const known = new Set([
      ...Object.keys(protocolErrors),
      ...Object.keys(hubErrors),
      'series-limit',
    ]);
    const codes = [...list.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
    expect(codes.toSorted()).toEqual([
      'bad-labels',
      'publish-series-limit',
      'series-limit',
      'too-far-ahead',
      'too-old',
      'unknown-ref',
    ]);
  });
});

describe('example sessions', () => {
  /** Lines of an example that show a whole message, in order. */
  function example(title: string): (UpMessage | DownMessage)[] {
    const [, after = ''] = text.split(`**${title}**`);
    const lines = (after.split('\n**')[0] ?? '').matchAll(/^\d+\. [↑↓] `(\{.*\})`$/gm);
    return [...lines].map(
      ([, json = '']) => JSON.parse(json.replace('{…}', '{}')) as UpMessage | DownMessage,
    );
  }

  test('watch one metric', async () => {
    const lines = example('Watch one metric');
    const [hello, welcome, subscribe, subscribed, first, same, changed, unsubscribe, end] = lines;
    const startMs = (welcome as { serverTimeMs: number }).serverTimeMs;
    const clock = new FakeClock(startMs);
    await using hub = await startTestHub({ clock });
    const publisher = new TestPublisher(await hub.session());
    const publish = async (timeMs: number, value: number): Promise<void> => {
      await publisher.publish(
        [{ timeMs, values: [value] }],
        [{ ref: 0, labels: { __name__: 'node_load1', instance: 'a' }, type: 'gauge' }],
      );
      clock.advance(1_000);
    };
    await publish(startMs, 0.42);
    const session = new SessionClient(await hub.connect({ protocol: JSON_SUBPROTOCOL }));
    session.send(hello as UpMessage);
    const greeting = await session.take('welcome');
    expect(Object.keys(greeting)).toEqual(Object.keys(welcome as object));
    session.send(subscribe as UpMessage);
    expect(await session.take('subscribed')).toEqual(subscribed);
    expect(await session.take('update')).toEqual(first);
    await publish(startMs + 1_000, 0.42);
    expect(await session.take('update')).toEqual(same);
    await publish(startMs + 2_000, 0.55);
    expect(await session.take('update')).toEqual(changed);
    session.send(unsubscribe as UpMessage);
    expect(await session.take('unsubscribed')).toEqual(end);
  });

  test('publish through a break', async () => {
    const [first, ack] = example('Publish through a break');
    await using hub = await startTestHub({
      clock: new FakeClock((first as { epoch: number }).epoch),
    });
    const session = await hub.session();
    session.send(first as UpMessage);
    expect(await session.take('ack')).toEqual(ack);
    const second = { ...(first as UpMessage & { type: 'publish' }), seq: 2 };
    session.send(second);
    session.raw.terminate();
    const again = await hub.session();
    again.send(second);
    expect(await again.take('ack')).toEqual({ ...ack, seq: 2 });
  });

  test('unsubscribe crosses an error', async () => {
    await using hub = await startTestHub();
    const session = await hub.session();
    session.send({ type: 'subscribe', id: 'a', query: 'a{' }, { type: 'unsubscribe', id: 'a' });
    expect(await session.take('error')).toMatchObject({ code: 'bad-query', id: 'a' });
    expect(await session.take('error')).toMatchObject({ code: 'unknown-subscription', id: 'a' });
  });
});
