import { FakeClock } from '@nowcast/std/testing';
import { connect, type Client, type ClientOptions } from '../client.ts';
import { FakeHub } from './fake-hub.ts';

/** Where the fake clock begins. */
export const START_MS: number = Date.UTC(2026, 0, 1);

export interface ClientFixture extends Disposable {
  readonly hub: FakeHub;
  readonly clock: FakeClock;
  readonly client: Client;
}

/** A client of a scripted hub, with time and chance held still. */
export function startClient(
  options: Partial<ClientOptions> & { readonly clock?: FakeClock } = {},
): ClientFixture {
  const hub = new FakeHub();
  const clock = options.clock ?? new FakeClock(START_MS);
  const client = connect({
    url: 'ws://hub.test/monitor',
    WebSocket: hub.WebSocket,
    random: () => 0.5,
    ...options,
    clock,
  });
  return { hub, clock, client, [Symbol.dispose]: () => client.close() };
}
