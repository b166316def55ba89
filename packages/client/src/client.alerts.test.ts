import type { Alert } from '@nowcast/protocol';
import { expect, it } from 'vitest';
import type { AlertsEvent } from './alert-watch.ts';
import { startClient } from './testing/client-fixture.ts';

const ALERT: Alert = {
  id: 'x',
  condition: 'disk-full',
  severity: 'warning',
  state: 'firing',
  labels: { instance: 'a' },
  value: 0.97,
  unit: 'ratio',
  sinceMs: 1,
  updatedMs: 2,
};

const summary = ({ snapshot, changed, current }: AlertsEvent) => [
  snapshot,
  changed.map(({ id, state }) => `${id} ${state}`),
  [...current.keys()],
];

it('shares one watch, and gives late readers what is known', async () => {
  using test = startClient();
  const events: unknown[] = [];
  const late: unknown[] = [];
  const end = test.client.watchAlerts((event) => events.push(summary(event)));
  const socket = await test.hub.greet();
  expect(socket.take('watch')).toEqual({ type: 'watch', lane: 'alerts' });
  socket.say({ type: 'alerts', seq: 1, snapshot: true, alerts: [ALERT] });
  const endLate = test.client.watchAlerts((event) => late.push(summary(event)));
  expect(socket.sent).toEqual([]);
  socket.say({
    type: 'alerts',
    seq: 2,
    snapshot: false,
    alerts: [{ ...ALERT, state: 'resolved' }],
  });
  const resolved = [false, ['x resolved'], []];
  expect(events).toEqual([[true, ['x firing'], ['x']], resolved]);
  expect(late).toEqual([[true, ['x firing'], ['x']], resolved]);
  end();
  expect(socket.sent).toEqual([]);
  endLate();
  expect(socket.take('unwatch')).toEqual({ type: 'unwatch', lane: 'alerts' });
  socket.say({ type: 'alerts', seq: 3, snapshot: false, alerts: [ALERT] });
  expect(events).toHaveLength(2);
});

it('asks for a new snapshot after a reconnect and after a hole', async () => {
  using test = startClient();
  const events: unknown[] = [];
  test.client.watchAlerts((event) => events.push(summary(event)));
  const first = await test.hub.greet();
  first.say({ type: 'alerts', seq: 1, snapshot: true, alerts: [ALERT] });
  first.drop();
  test.clock.advance(500);
  const second = await test.hub.greet();
  second.take('watch');
  second.say({ type: 'alerts', seq: 1, snapshot: true, alerts: [] });
  second.say({ type: 'alerts', seq: 3, snapshot: false, alerts: [ALERT] });
  expect(events).toEqual([
    [true, ['x firing'], ['x']],
    [true, [], []],
  ]);
  expect(second.sent.map(({ type }) => type)).toEqual(['unwatch', 'watch']);
});

it('decodes values', async () => {
  using test = startClient();
  const values: number[] = [];
  test.client.watchAlerts(({ changed }) => values.push(...changed.map(({ value }) => value)));
  const socket = await test.hub.greet();
  const alerts = [ALERT, { ...ALERT, id: 'y', value: '+Inf' as const }];
  socket.say({ type: 'alerts', seq: 1, snapshot: true, alerts });
  expect(values).toEqual([0.97, Infinity]);
});
