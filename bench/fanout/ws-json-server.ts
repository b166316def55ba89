/**
 * The controls: a WebSocket server that sends each sample to every viewer as a message of its own, or, given a window
 * in milliseconds, what has come within it as one array.
 */
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

interface Sample {
  readonly name: string;
  readonly timeMs: number;
  readonly value: number;
}

const windowMs = Number(process.argv[2] ?? 0);
let collected: Sample[] = [];
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
    if (windowMs === 0) for (const sample of message) send(sample);
    else {
      if (collected.length === 0) setTimeout(sendCollected, windowMs);
      collected.push(...message);
    }
  });
});

function sendCollected(): void {
  send(collected);
  collected = [];
}

function send(message: Sample | readonly Sample[]): void {
  const text = JSON.stringify(message);
  for (const viewer of viewers) viewer.send(text);
}

server.on('listening', () => {
  process.stdout.write(`ws://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// Also when the bench itself was stopped.
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => process.exit(0));
