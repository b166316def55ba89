/**
 * A scripted hub for tests: stands in for the WebSocket constructor and the peer behind it. It answers
 * nothing by itself but the greeting, when told to; a test plays the hub's part line by line.
 */
import {
  decodeUp,
  encodeFrame,
  type DownMessage,
  type UpMessage,
  type Welcome,
} from '@nowcast/protocol';
import { must } from '@nowcast/std';
import type { WebSocketConstructor, WebSocketLike } from '../socket.ts';

export const WELCOME: Welcome = {
  type: 'welcome',
  version: 1,
  session: 'session-1',
  epoch: 'hub-1',
  hub: '0.1.0',
  serverTimeMs: Date.UTC(2026, 0, 1),
  heartbeatMs: 15_000,
  limits: {
    messageBytesMax: 1024 * 1024,
    subscriptionsMax: 1_000,
    publishSeriesMax: 100_000,
    sendQueueBytesMax: 8 * 1024 * 1024,
  },
  capabilities: [],
};

/** One connection as the hub sees it. */
export class FakeSocket implements WebSocketLike {
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly url: string;
  readonly protocols: readonly string[];
  /** What the client sent and the test has not taken yet; pings are left out. */
  readonly sent: UpMessage[] = [];
  readonly pings: Extract<UpMessage, { type: 'ping' }>[] = [];
  /** Set once the client closed it. */
  closed: { readonly code: number | undefined } | undefined;

  terminated = false;

  constructor(url: string, protocols: readonly string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  send(frame: string): void {
    for (const result of decodeUp(frame)) {
      if (!result.ok) throw new Error(`the client sent ${result.message}: ${frame}`);
      if (result.message.type === 'ping') this.pings.push(result.message);
      else this.sent.push(result.message);
    }
  }

  close(code?: number): void {
    this.closed = { code };
  }

  terminate(): void {
    this.terminated = true;
  }

  open(): void {
    this.onopen?.({} as never);
  }

  say(...messages: readonly DownMessage[]): void {
    this.sayFrame(encodeFrame(messages));
  }

  sayFrame(data: string): void {
    this.onmessage?.({ data } as never);
  }

  sayBytes(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer } as never);
  }

  drop(code: number = 1006, reason: string = ''): void {
    this.onclose?.({ code, reason } as never);
  }

  /** The oldest message the client sent of this type, taken out. */
  take<T extends UpMessage['type']>(type: T): Extract<UpMessage, { type: T }> {
    const at = this.sent.findIndex((message) => message.type === type);
    const [message] = at < 0 ? [] : this.sent.splice(at, 1);
    return must(message, `a ${type} message`) as Extract<UpMessage, { type: T }>;
  }
}

export class FakeHub {
  readonly sockets: FakeSocket[] = [];
  readonly WebSocket: WebSocketConstructor;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, protocols?: readonly string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  /** The newest connection. */
  get socket(): FakeSocket {
    return must(this.sockets.at(-1), 'a connection');
  }

  /** Opens the newest connection and greets: the client is online after that. */
  async greet(welcome: Partial<Welcome> = {}): Promise<FakeSocket> {
    const { socket } = this;
    socket.open();
    await Promise.resolve();
    await Promise.resolve();
    socket.take('hello');
    socket.say({ ...WELCOME, ...welcome });
    return socket;
  }
}
