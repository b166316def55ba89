import { connect, type Socket } from 'node:net';
import { JSON_SUBPROTOCOL } from '@nowcast/protocol';
import { FakeClock } from '@nowcast/std/testing';
import { startTestHub, type TestHub } from '@nowcast/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** A TCP connection and everything the hub sends on it until the hub ends it. */
function dial(hub: TestHub): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(hub.hub.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // A reset is as good an end as any.
  socket.on('error', () => undefined);
  return { socket, answer: new Promise((resolve) => socket.on('close', () => resolve(text))) };
}

const upgrade = (more = ''): string =>
  `GET /monitor HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bm93Y2FzdCBmYW4tb3V0IQ==\r\n${more}\r\n`;

test('bytes that are no HTTP are answered with 400 or nothing, and the hub serves on', async () => {
  await using hub = await startTestHub();
  const other = await hub.session();
  // A line end makes the parser decide.
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((some) => Buffer.from(some));
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      const { socket, answer } = dial(hub);
      socket.end(Buffer.concat([some, Buffer.from('\r\n\r\n')]));
      expect(await answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
      await other.settle();
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['no key', upgrade().replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
  ['a key that is none', upgrade().replace('bm93Y2FzdCBmYW4tb3V0IQ==', 'x'), 400],
  ['another version', upgrade().replace('Version: 13', 'Version: 7'), 400],
  ['another method', upgrade().replace('GET', 'POST'), 405],
  ['a target that is no path', upgrade().replace('/monitor', '//['), 404],
  ['another path', upgrade().replace('/monitor', '/'), 404],
])('an upgrade with %s is refused', async (_, request, status) => {
  await using hub = await startTestHub();
  const { socket, answer } = dial(hub);
  socket.write(request);
  expect(await answer).toContain(`HTTP/1.1 ${status} `);
  await (await hub.session()).settle();
});

const masked = (first: number, ...payload: number[]): Uint8Array =>
  Uint8Array.of(first, 0x80 | payload.length, 0, 0, 0, 0, ...payload);

test.each([
  ['a frame that is not masked', Uint8Array.of(0x81, 0x01, 0x78), 1002],
  ['a reserved opcode', masked(0x83), 1002],
  ['reserved bits', masked(0xb1), 1002],
  ['a control frame in parts', masked(0x09), 1002],
  ['a control frame that is too long', Uint8Array.of(0x89, 0xfe, 0, 126, 0, 0, 0, 0), 1002],
  ['a continuation of nothing', masked(0x80), 1002],
  ['a new message inside another', [...masked(0x01, 0x7b), ...masked(0x81, 0x7b)], 1002],
  ['a close code that may not be sent', masked(0x88, 0x03, 0xed), 1002],
  ['a length beyond counting', [0x81, 0xff, ...Array.from({ length: 12 }, () => 0xff)], 1009],
])('%s ends its own session and no other', async (_, frame, code) => {
  await using hub = await startTestHub();
  const other = await hub.session();
  for (const protocol of [JSON_SUBPROTOCOL, undefined]) {
    const client = await hub.connect({ protocol });
    client.sendGarbage(Uint8Array.from(frame));
    expect((await client.closed).code).toBe(code);
  }
  await other.settle();
});

test('garbage in the same packet as the upgrade ends as it does later', async () => {
  await using hub = await startTestHub();
  const { socket, answer } = dial(hub);
  socket.write(
    Buffer.concat([Buffer.from(upgrade()), Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
  );
  const text = await answer;
  expect(text).toContain('HTTP/1.1 101 ');
  // A close frame with 1002 is the last thing on the wire.
  expect(text.endsWith('\x88\x02\x03\xea')).toBe(true);
});

test('who connects and says nothing, or half of something, does not hold up closing', async () => {
  const clock = new FakeClock();
  await using hub = await startTestHub({ clock });
  const halves = ['', 'GET / HT', upgrade().slice(0, -2)].map((some) => {
    const one = dial(hub);
    one.socket.write(some);
    return one;
  });
  await Promise.all(
    halves.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))),
  );
  const vanished = await hub.session();
  vanished.raw.stopReading();
  const closed = hub.hub.close();
  // First sessions have their time to take part, then answers theirs to be read.
  for (let ended = false; !ended; clock.advance(500))
    ended = await Promise.race([
      closed.then(() => true),
      new Promise<boolean>((resolve) => setImmediate(resolve, false)),
    ]);
  expect(await Promise.all(halves.map(({ answer }) => answer))).toEqual(['', '', '']);
});
