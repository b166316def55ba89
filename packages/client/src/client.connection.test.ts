import { describe, expect, it } from 'vitest';
import { connect } from './client.ts';
import type { PlatformSignal } from './platform-signals.ts';
import { startClient, START_MS } from './testing/client-fixture.ts';
import { FakeHub, WELCOME } from './testing/fake-hub.ts';

const flush = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

describe('connecting', () => {
  it.each([
    ['ws://hub.test/monitor', 'ws://hub.test/monitor'],
    ['http://hub.test:8080', 'ws://hub.test:8080/monitor'],
    ['https://hub.test/#x', 'wss://hub.test/monitor'],
    ['wss://hub.test/behind/a/proxy?x=1', 'wss://hub.test/behind/a/proxy?x=1'],
  ])('%s means %s', (url, expected) => {
    using test = startClient({ url });
    expect(test.hub.socket.url).toBe(expected);
  });

  it.each(['', 'hub.test:8080', 'ftp://hub.test'])('refuses the URL %j', (url) => {
    expect(() => connect({ url, WebSocket: new FakeHub().WebSocket })).toThrow(/write for example/);
  });

  it('says hello with a token, asked for anew each time', async () => {
    let asked = 0;
    using test = startClient({ token: () => Promise.resolve(`t${++asked}`), name: 'probe' });
    test.hub.socket.open();
    await flush();
    expect(test.hub.socket.take('hello')).toEqual({
      type: 'hello',
      versions: [1],
      token: 't1',
      client: { name: 'probe' },
    });
    test.hub.socket.drop();
    test.clock.advance(500);
    test.hub.socket.open();
    await flush();
    expect(test.hub.socket.take('hello').token).toBe('t2');
  });

  it('tries again when the token cannot be had', async () => {
    using test = startClient({ token: () => Promise.reject(new Error('locked')) });
    test.hub.socket.open();
    await flush();
    expect(test.client.status.value).toMatchObject({
      state: 'waiting',
      lastClose: { reason: 'no token: Error: locked' },
    });
  });

  it('gives up an attempt that is not answered', async () => {
    using test = startClient();
    test.clock.advance(10_000);
    expect(test.hub.socket.closed).toEqual({ code: 4000 });
    expect(test.client.status.value.state).toBe('waiting');
    test.clock.advance(250);
    expect(test.hub.sockets).toHaveLength(2);
    test.hub.socket.open();
    await flush();
    test.clock.advance(10_000);
    expect(test.client.status.value).toMatchObject({ state: 'waiting', failedAttempts: 2 });
  });
});

describe('the status', () => {
  it('tells its readers where the connection stands', async () => {
    using test = startClient();
    const states: string[] = [];
    const end = test.client.status.observe(({ state }) => states.push(state));
    const socket = await test.hub.greet();
    socket.drop(4001, 'restart');
    expect(test.client.status.value).toEqual({
      state: 'waiting',
      url: 'ws://hub.test/monitor',
      transport: 'websocket',
      clockOffsetMs: 0,
      rttMs: undefined,
      session: undefined,
      hubVersion: undefined,
      onlineSinceMs: undefined,
      retryAtMs: START_MS + 250,
      failedAttempts: 1,
      lastClose: { code: 4001, reason: 'restart', atMs: START_MS },
    });
    end();
    test.clock.advance(250);
    expect(states).toEqual(['connecting', 'greeting', 'online', 'waiting']);
  });

  it('measures the round trip and the clocks’ distance', async () => {
    using test = startClient();
    const socket = await test.hub.greet({ serverTimeMs: START_MS + 60_000 });
    expect(test.client.hubNowMs()).toBe(START_MS + 60_000);
    const [ping] = socket.pings;
    test.clock.advance(20);
    socket.say({ type: 'pong', timeMs: ping?.timeMs ?? 0, receivedMs: START_MS + 50_010 });
    expect(test.client.status.value).toMatchObject({ rttMs: 20, clockOffsetMs: 50_000 });
    socket.say({ type: 'pong', timeMs: 1, receivedMs: 1 });
    expect(test.client.status.value.rttMs).toBe(20);
  });
});

describe('heartbeats', () => {
  it('answers the hub’s and sends its own', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    socket.say({ type: 'ping', timeMs: 7 });
    expect(socket.take('pong')).toEqual({ type: 'pong', timeMs: 7, receivedMs: START_MS });
    expect(socket.pings).toHaveLength(1);
    test.clock.advance(WELCOME.heartbeatMs);
    expect(socket.pings).toHaveLength(2);
  });

  it('finds a dead peer within two intervals of its last sign', async () => {
    using test = startClient();
    const socket = await test.hub.greet({ heartbeatMs: 1_000 });
    test.clock.advance(1_900);
    socket.say({ type: 'unsubscribed', id: 'any traffic' });
    test.clock.advance(1_999);
    expect(test.client.status.value.state).toBe('online');
    test.clock.advance(1);
    expect(test.client.status.value).toMatchObject({ state: 'waiting', lastClose: { code: 4000 } });
    expect(socket.closed).toEqual({ code: 4000 });
    socket.say({ type: 'unsubscribed', id: 'too late' });
    socket.drop();
    expect(test.client.status.value.lastClose?.code).toBe(4000);
  });

  it('survives a peer that does not speak the protocol', async () => {
    using test = startClient();
    test.hub.socket.open();
    await flush();
    test.hub.socket.sayFrame('<html>');
    expect(test.client.status.value).toMatchObject({ state: 'waiting', lastClose: { code: 4400 } });
  });
});

describe('verdicts', () => {
  it('stop: waits for its user', async () => {
    using test = startClient({ token: 'old' });
    const socket = await test.hub.greet();
    socket.drop(4401, 'token expired');
    test.clock.advance(600_000);
    expect(test.hub.sockets).toHaveLength(1);
    expect(test.client.status.value).toMatchObject({
      state: 'stopped',
      lastClose: { code: 4401, reason: 'token expired' },
    });
    test.client.reconnect();
    await test.hub.greet();
    expect(test.client.status.value.state).toBe('online');
  });

  it('goodbye: comes back no sooner than asked', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    socket.say({ type: 'goodbye', code: 4001, reason: 'restart', reconnectAfterMs: 3_000 });
    socket.drop(4001, 'restart');
    test.clock.advance(2_999);
    expect(test.hub.sockets).toHaveLength(1);
    test.clock.advance(251);
    expect(test.hub.sockets).toHaveLength(2);
  });

  it('tells errors that belong to nothing else', async () => {
    const errors: string[] = [];
    using test = startClient({
      onError: (error) => errors.push(`${error.code}: ${error.message}`),
    });
    const socket = await test.hub.greet();
    socket.say({ type: 'error', code: 'unauthorized', message: 'no', retryable: false });
    expect(errors).toEqual(['unauthorized: no']);
  });
});

describe('the platform’s signals', () => {
  function signalled(): ReturnType<typeof startClient> & { signal(signal: PlatformSignal): void } {
    let tell: (signal: PlatformSignal) => void = () => undefined;
    const test = startClient({
      signals: {
        listen(listener) {
          tell = listener;
          return () => {
            tell = () => undefined;
          };
        },
      },
    });
    return { ...test, signal: (signal) => tell(signal) };
  }

  it('wake ends a wait', () => {
    using test = signalled();
    test.hub.socket.drop();
    test.signal('wake');
    expect(test.hub.sockets).toHaveLength(2);
  });

  it('doubt asks for a sign of life, and soon takes silence for death', async () => {
    using test = signalled();
    const socket = await test.hub.greet();
    test.signal('doubt');
    expect(socket.pings).toHaveLength(2);
    test.clock.advance(4_000);
    socket.say({ type: 'unsubscribed', id: 'alive' });
    test.clock.advance(10_000);
    expect(test.client.status.value.state).toBe('online');
    test.signal('doubt');
    test.clock.advance(5_000);
    expect(test.client.status.value.state).toBe('waiting');
  });
});

describe('closing', () => {
  it('leaves no timer and no listener behind', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    test.client.close();
    expect(socket.closed).toEqual({ code: 1000 });
    socket.drop(1000);
    expect(test.clock.pending).toBe(0);
    expect(() => test.client.subscribe('a')).toThrow('the client was closed');
  });

  it('drops a peer that does not answer the close frame', async () => {
    using test = startClient();
    const socket = await test.hub.greet();
    test.client.close();
    expect(socket.terminated).toBe(false);
    test.clock.advance(1_000);
    expect(socket.terminated).toBe(true);
    expect(test.clock.pending).toBe(0);
  });

  it('may happen in a callback of the status', async () => {
    using test = startClient();
    test.client.status.observe(({ state }) => {
      if (state === 'waiting') test.client.close();
    });
    const socket = await test.hub.greet();
    socket.drop();
    expect(test.client.status.value.state).toBe('closed');
    expect(test.clock.pending).toBe(0);
  });
});
