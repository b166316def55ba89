import {
  SessionDecoder,
  type DownMessage,
  type Subscribe,
  type UpMessage,
  type Update,
} from '@nowcast/protocol';
import type { Closing, RawClient } from './raw-client.ts';

type OfType<T extends DownMessage['type']> = Extract<DownMessage, { type: T }>;

/** One session as the protocol sees it: typed messages both ways, in order, none missed. */
export class SessionClient {
  readonly raw: RawClient;
  readonly #decoder = new SessionDecoder();
  readonly #arrived: DownMessage[] = [];
  #pings = 0;

  constructor(raw: RawClient) {
    this.raw = raw;
  }

  /** Says hello and waits for the welcome. */
  static async open(raw: RawClient): Promise<SessionClient> {
    const client = new SessionClient(raw);
    client.send({ type: 'hello', versions: [1] });
    await client.take('welcome');
    return client;
  }

  get closed(): Promise<Closing> {
    return this.raw.closed;
  }

  /** Sends one message, or several as one frame. */
  send(...messages: readonly UpMessage[]): void {
    this.raw.sendText(JSON.stringify(messages.length === 1 ? messages[0] : messages));
  }

  /** Sends what the types do not allow. */
  sendRaw(message: unknown): void {
    this.raw.sendText(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message, or undefined when the connection has closed. */
  async next(): Promise<DownMessage | undefined> {
    while (this.#arrived.length === 0) {
      const frame = await this.raw.nextFrame();
      if (frame === undefined) return undefined;
      this.#arrived.push(...this.#decoder.decode(frame));
    }
    return this.#arrived.shift();
  }

  /** The next message of a type; others that come before it stay in line. */
  async take<T extends DownMessage['type']>(type: T): Promise<OfType<T>> {
    const passed: DownMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message === undefined) {
        const { code, reason } = await this.closed;
        throw new Error(`closed with ${code} ${reason} while waiting for ${type}`);
      }
      if (message.type === type) {
        this.#arrived.unshift(...passed);
        return message as OfType<T>;
      }
      passed.push(message);
    }
  }

  /** Resolves when the hub has handled everything sent before, with the messages that came until then. */
  async settle(): Promise<readonly DownMessage[]> {
    const timeMs = --this.#pings;
    this.send({ type: 'ping', timeMs });
    const passed: DownMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message === undefined) throw new Error('closed while settling');
      if (message.type === 'pong' && message.timeMs === timeMs) return passed;
      passed.push(message);
    }
  }

  /** Subscribes and returns the first update. */
  async subscribe(request: Omit<Subscribe, 'type'>): Promise<Update> {
    this.send({ type: 'subscribe', ...request });
    await this.take('subscribed');
    return this.take('update');
  }
}
