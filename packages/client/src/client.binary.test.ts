import {
  BodyEncoder,
  encodeBroadcast,
  encodeBundle,
  encodeFollow,
  encodeOwn,
  type Grant,
} from '@nowcast/protocol';
import { expect, it } from 'vitest';
import { startClient, START_MS } from './testing/client-fixture.ts';

const grant: Grant = {
  minIntervalMs: 0,
  digits: null,
  deadband: null,
  width: null,
  visible: true,
};
const group = (offsetMs: number, values: readonly number[], same: readonly number[] = []) => ({
  timeMs: START_MS + offsetMs,
  refs: values.map((_, ref) => ref),
  values,
  same,
});

it('offers the binary encoding first', async () => {
  using test = startClient();
  const socket = await test.hub.greet();
  expect(socket.protocols).toEqual(['nowcast.v1.bin', 'nowcast.v1.json']);
});

it('tells the same events for binary frames, also to two subscriptions of one channel', async () => {
  using test = startClient();
  const events: unknown[] = [];
  const socket = await test.hub.greet();
  for (const name of ['one', 'two'])
    test.client.subscribe('a', {
      onEvent: (event) => {
        if (event.type === 'samples')
          event.batch.forEach((_, timeMs, value, changed) => {
            events.push([name, timeMs - START_MS, value, changed]);
          });
      },
    });
  const channel = new BodyEncoder(START_MS);
  const add = [0, 1].map((ref) => ({ ref, labels: { __name__: 'a', k: String(ref) } }));
  const first = new BodyEncoder(0).encode({ add, groups: [group(0, [1.5, 2.5])], remove: [] });
  const place = { channel: 7, seq: 255, baseMs: channel.baseMs, bases: channel.encodeBases() };
  for (const number of [1, 2]) {
    const { id } = socket.take('subscribe');
    socket.say({ type: 'subscribed', id, query: 'a', grant, number });
    socket.sayBytes(encodeBundle([encodeOwn(number, first), encodeFollow(number, place)]));
  }
  for (const [at, groups] of [[group(100, [1.75])], [group(200, [1.8], [1])]].entries()) {
    const body = channel.encode({ add: [], groups, remove: [] });
    socket.sayBytes(encodeBroadcast(7, 256 + at, body));
  }
  const after = (name: string) => [
    [name, 100, 1.75, true],
    [name, 200, 1.8, true],
    [name, 200, 2.5, false],
  ];
  const told = (name: string) => [[name, 0, 1.5, true], [name, 0, 2.5, true], ...after(name)];
  const of = (name: string) => events.filter((event) => (event as unknown[])[0] === name);
  expect(of('one')).toEqual(told('one'));
  expect(of('two')).toEqual(told('two'));
});

it('subscribes anew when a message of its channel was lost', async () => {
  using test = startClient();
  const socket = await test.hub.greet();
  test.client.subscribe('a', { onEvent: () => undefined });
  const { id } = socket.take('subscribe');
  socket.say({ type: 'subscribed', id, query: 'a', grant, number: 1 });
  const bases = new BodyEncoder(0).encodeBases();
  socket.sayBytes(encodeFollow(1, { channel: 3, seq: 1, baseMs: 0, bases }));
  const body = new BodyEncoder(0).encode({ add: [], groups: [], remove: [] });
  socket.sayBytes(encodeBroadcast(3, 3, body));
  expect(socket.take('unsubscribe').id).toBe(id);
  expect(socket.take('subscribe').id).not.toBe(id);
});

it('stops at a binary frame that cannot be read', async () => {
  using test = startClient();
  const socket = await test.hub.greet();
  socket.sayBytes(Uint8Array.of(0xc0, 0x7f));
  expect(test.client.status.value.lastClose?.code).toBe(4400);
});
