// A dashboard in ten lines: node examples/plain-client.mjs [ws://localhost:8080/monitor]
// From `const ws` on the same lines work in a browser's console, where WebSocket is built in.
const WebSocket = globalThis.WebSocket ?? (await import('ws')).WebSocket;

const ws = new WebSocket(globalThis.process?.argv[2] ?? 'ws://localhost:8080/monitor');
const heartbeat = setInterval(() => ws.readyState === 1 && ws.send('心跳'), 10_000);
ws.onmessage = (event) => console.log(event.data);
ws.onerror = (event) => console.error('error', event.message ?? '');
ws.onclose = (event) => {
  clearInterval(heartbeat);
  console.log('closed', event.code, event.reason);
};
