/** The control: a WebSocket server that sends each sample to every viewer as a message of its own. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

interface Sample {
  readonly name: string;
  readonly timeMs: number;
  readonly value: number;
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const viewers = new Set<WebSocket>();
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as 'view' | readonly Sample[];
    if (message === 'view') {
      viewers.add(socket);
      socket.on('close', () => viewers.delete(socket));
      return;
    }
    for (const sample of message) {
      const text = JSON.stringify(sample);
      for (const viewer of viewers) viewer.send(text);
    }
  });
});
server.on('listening', () => {
  process.stdout.write(`ws://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// Also when the bench itself was stopped.
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => process.exit(0));
