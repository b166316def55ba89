import { CloseCode, JSON_SUBPROTOCOL } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, TestPublisher, UpgradeRefused, type TestHub } from '@nowcast/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const protocol = JSON_SUBPROTOCOL;

async function metric(hub: TestHub, line: string): Promise<string | undefined> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return text
    .split('\n')
    .find((one) => one.startsWith(line))
    ?.slice(line.length + 1);
}

async function refusal(attempt: Promise<unknown>): Promise<UpgradeRefused> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UpgradeRefused) return error;
  throw new Error('the upgrade was not refused', { cause: error });
}

test('one connection too many gets 503 and Retry-After, and is counted', async () => {
  await using hub = await startTestHub({ limits: { connectionsMax: 1 } });
  const first = await hub.session();
  const refused = await refusal(hub.connect({ protocol }));
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '30']);
  expect(await metric(hub, 'nowcast_limit_reached_total{limit="connectionsMax"}')).toBe('1');
  await first.settle();
  first.raw.close();
  await first.closed;
  await (await hub.session()).settle();
});

test('connections of one address are counted by themselves', async () => {
  await using hub = await startTestHub({ limits: { connectionsPerAddressMax: 1 } });
  await hub.connect();
  expect((await refusal(hub.connect())).status).toBe(503);
});

test.each([
  ['no origin', undefined, 'all'],
  ['the hub itself', 'http://HOST', 'all'],
  ['another page of this machine', 'http://localhost:5173', 'all'],
  ['a listed origin', 'https://board.example.org', 'all'],
  ['a foreign page', 'https://evil.example.org', 'none'],
  ['a name that begins like loopback', 'http://127.0.0.1.example.org', 'none'],
  ['a page without an origin', 'null', 'overview'],
])('%s: %s', async (_, origin, allowed) => {
  await using hub = await startTestHub({ origins: ['https://board.example.org'] });
  const headers: Record<string, string> = {};
  if (origin !== undefined) headers['origin'] = origin.replace('HOST', new URL(hub.url).host);
  const attempts = [{ protocol }, { search: '?query=up' }, {}].map((options) =>
    hub.connect({ ...options, headers }).then(
      () => 'open',
      (error: UpgradeRefused) => error.status,
    ),
  );
  const expected = {
    all: ['open', 'open', 'open'],
    overview: [403, 403, 'open'],
    none: [403, 403, 403],
  };
  expect(await Promise.all(attempts)).toEqual(expected[allowed as keyof typeof expected]);
});

test('a name that leads here by DNS rebinding is refused', async () => {
  await using hub = await startTestHub();
  const refused = await refusal(hub.connect({ headers: { host: 'evil.example.org' } }));
  expect(refused.status).toBe(403);
  await (await hub.connect({ headers: { host: `localhost:${hub.hub.port}` } })).next();
});

test('another path, another subprotocol', async () => {
  await using hub = await startTestHub();
  expect((await refusal(hub.connect({ protocol: 'mqtt' }))).status).toBe(400);
  expect((await refusal(hub.connect({ search: '/elsewhere' }))).status).toBe(404);
});

test('with a token: 401 for a wrong one, and for the plain stream without one', async () => {
  await using hub = await startTestHub({ token: 'correct-horse-battery' });
  expect((await refusal(hub.connect({ protocol, search: '?token=wrong' }))).status).toBe(401);
  expect((await refusal(hub.connect())).status).toBe(401);
  await (await hub.connect({ search: '?token=correct-horse-battery' })).next();
  const headers = { authorization: 'Bearer correct-horse-battery' };
  await (await hub.session({ headers })).settle();
  await (
    await hub.session({ headers: { cookie: 'nowcast_token=correct-horse-battery' } })
  ).settle();
});

test.each([
  ['text that is not JSON', CloseCode.BAD_MESSAGE, 'bad-json'],
  ['a binary frame', CloseCode.UNSUPPORTED_DATA, 'binary-not-supported'],
])('%s closes with %i', async (what, code, error) => {
  await using hub = await startTestHub();
  const other = await hub.session();
  const session = await hub.session();
  if (code === CloseCode.BAD_MESSAGE) session.raw.sendText(what);
  else session.raw.sendBytes(Uint8Array.of(1, 2, 3));
  expect(await session.take('error')).toMatchObject({ code: error });
  expect((await session.closed).code).toBe(code);
  await other.settle();
});

test('a frame that is too large closes with 1009, also when it was small on its way', async () => {
  await using hub = await startTestHub({ limits: { messageBytesMax: 2_000 } });
  for (const compression of [false, true]) {
    const session = await hub.session({ compression });
    session.raw.sendText(' '.repeat(2_001));
    expect((await session.closed).code).toBe(1009);
  }
  expect(await metric(hub, 'nowcast_limit_reached_total{limit="messageBytesMax"}')).toBe('2');
});

test('text that is not UTF-8 closes with 1007', async () => {
  await using hub = await startTestHub();
  const session = await hub.session();
  session.raw.sendGarbage(Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28));
  expect((await session.closed).code).toBe(1007);
});

test('no hello in time closes with 4408', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const client = await hub.connect({ protocol });
  const other = await hub.session();
  clock.advance(9_999);
  await other.settle();
  clock.advance(1);
  expect(await client.next()).toContain('hello-timeout');
  expect((await client.closed).code).toBe(CloseCode.HELLO_TIMEOUT);
  await other.settle();
});

test('the hub pings whoever is quiet, and drops who stays silent for two intervals', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const quiet = await hub.session();
  const lively = await hub.session();
  clock.advance(15_000);
  expect(await quiet.take('ping')).toMatchObject({ type: 'ping' });
  const { timeMs } = await lively.take('ping');
  lively.send({ type: 'pong', timeMs, receivedMs: 0 });
  await lively.settle();
  clock.advance(15_000);
  expect((await quiet.closed).code).toBe(CloseCode.HEARTBEAT_TIMEOUT);
  await lively.settle();
});

test('random frames end in a documented way and disturb nobody', async () => {
  await using hub = await startTestHub({ limits: { errorsPerMinuteMax: 5 } });
  const other = await hub.session();
  const publisher = new TestPublisher(await hub.session());
  await publisher.define([{ __name__: 'a' }], { values: [0] });
  await other.subscribe({ id: 's', query: 'a' });
  const documented = new Set<number>([1002, 1003, 1006, 1007, 1009, ...Object.values(CloseCode)]);
  const message = fc.record(
    {
      type: fc.constantFrom('hello', 'subscribe', 'unsubscribe', 'publish', 'watch', 'pong', 'x'),
      id: fc.oneof(fc.string(), fc.integer()),
      query: fc.oneof(fc.string(), fc.constant('a{')),
      contract: fc.anything(),
      source: fc.string(),
      epoch: fc.integer(),
      seq: fc.integer(),
      series: fc.anything(),
      groups: fc.array(fc.record({ refs: fc.anything(), values: fc.array(fc.anything()) })),
    },
    { requiredKeys: ['type'] },
  );
  const frames = fc.array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => ({ bytes })),
      fc.string().map((text) => ({ text })),
      fc.json().map((text) => ({ text })),
      message.map((one) => ({ text: JSON.stringify(one) ?? '' })),
    ),
    { minLength: 1, maxLength: 8 },
  );
  let value = 0;
  await fc.assert(
    fc.asyncProperty(frames, fc.boolean(), async (list, greeted) => {
      const client = greeted ? (await hub.session()).raw : await hub.connect({ protocol });
      for (const frame of list)
        if ('bytes' in frame) client.sendGarbage(frame.bytes);
        else client.sendText(frame.text);
      // Ends it whatever state the garbage has left it in.
      client.sendGarbage(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
      client.close();
      setImmediate(() => client.terminate());
      expect(documented).toContain((await client.closed).code);
      await publisher.publish([{ values: [++value] }]);
      expect((await other.take('update')).groups[0]?.values).toEqual([value]);
    }),
    { numRuns: 40 },
  );
});
