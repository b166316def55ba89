import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub, type Hub, type HubOptions } from '@nowcast/hub';
import { JSON_SUBPROTOCOL, MONITOR_PATH } from '@nowcast/protocol';
import { pino } from 'pino';
import { RawClient, type RawClientOptions } from './raw-client.ts';
import { SessionClient } from './session-client.ts';

/** A hub on a free port of loopback with a folder of its own; both are gone when it is disposed of. */
export interface TestHub extends AsyncDisposable {
  readonly hub: Hub;
  readonly url: string;
  readonly monitorUrl: string;
  readonly dataDir: string;
  /** A raw connection; it ends with the hub at the latest. */
  connect(options?: RawClientOptions): Promise<RawClient>;
  /** A session that has said hello. */
  session(options?: RawClientOptions): Promise<SessionClient>;
}

/** Starts a hub without agent, with its store in memory and a silent log, unless told otherwise. */
export async function startTestHub(options: Partial<HubOptions> = {}): Promise<TestHub> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'nowcast-hub-')));
  const hub = await startHub({
    port: 0,
    agent: false,
    store: 'memory',
    logger: pino({ level: 'silent' }),
    ...options,
    dataDir,
  });
  const monitorUrl = hub.url.replace(/^http/, 'ws') + MONITOR_PATH;
  const clients: RawClient[] = [];
  const connect = async (clientOptions?: RawClientOptions): Promise<RawClient> => {
    const client = await RawClient.open(monitorUrl, clientOptions);
    clients.push(client);
    return client;
  };
  return {
    hub,
    url: hub.url,
    monitorUrl,
    dataDir,
    connect,
    session: async (clientOptions = {}) => {
      const client = await connect({ protocol: JSON_SUBPROTOCOL, ...clientOptions });
      return SessionClient.open(client);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.terminate();
      await hub.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
