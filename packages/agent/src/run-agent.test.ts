import type { AddressInfo } from 'node:net';
import { decodeUp, encodeFrame, type Publish } from '@nowcast/protocol';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { runAgent } from './run-agent.ts';

const LIMITS = {
  messageBytesMax: 1 << 20,
  subscriptionsMax: 10,
  publishSeriesMax: 10_000,
  sendQueueBytesMax: 1 << 20,
};

test('publishes this machine to a hub, defining each series with its first sample', async () => {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  const published = new Promise<Publish>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const [message] = decodeUp(data.toString()).map((one) =>
          one.ok ? one.message : undefined,
        );
        if (message?.type === 'publish') resolve(message);
        if (message?.type !== 'hello') return;
        socket.send(
          encodeFrame([
            {
              type: 'welcome',
              version: 1,
              session: 's',
              epoch: 'e',
              hub: 'test',
              serverTimeMs: Date.UTC(2026, 0, 1),
              heartbeatMs: 15_000,
              limits: LIMITS,
              capabilities: [],
            },
          ]),
        );
      });
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const lines: string[] = [];
  const agent = runAgent({
    hubUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    externalLabels: { job: 'node', instance: 'here' },
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
  });
  const { source, series = [], groups } = await published;
  agent.close();
  await new Promise((resolve) => server.close(resolve));
  expect(source).toBe('agent/here');
  expect(series.map((one) => one.labels)).toContainEqual({
    __name__: 'node_time_seconds',
    job: 'node',
    instance: 'here',
  });
  expect(groups[0]?.values.length).toBeGreaterThan(0);
  expect(lines).toEqual([]);
});
