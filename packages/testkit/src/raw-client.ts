import type { Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

export interface RawClientOptions {
  readonly protocol?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Appended to the URL: `?query=up`. */
  readonly search?: string | undefined;
  /** Offer permessage-deflate. Default false. */
  readonly compression?: boolean | undefined;
  /** Answer WebSocket pings. Default true. */
  readonly autoPong?: boolean | undefined;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Thrown by `open` when the hub answers the upgrade with an HTTP error. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];

  constructor(response: IncomingMessage) {
    super(`the upgrade was answered with ${response.statusCode}`);
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
  }
}

/** What came as text is a string. */
export type Frame = string | Uint8Array;

/** A WebSocket without a protocol of its own. What arrives waits in order until it is asked for. */
export class RawClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #arrived: Frame[] = [];
  readonly #waiting: ((frame: Frame | undefined) => void)[] = [];
  readonly closed: Promise<Closing>;
  /** What arrived so far, taken or not; binary frames byte by byte. */
  readonly frames: string[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      const frame = isBinary ? new Uint8Array(data as Buffer) : (data as Buffer).toString();
      this.frames.push(textOf(frame));
      const taker = this.#waiting.shift();
      if (taker === undefined) this.#arrived.push(frame);
      else taker(frame);
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        for (const taker of this.#waiting.splice(0)) taker(undefined);
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** @throws {UpgradeRefused} */
  static async open(url: string, options: RawClientOptions = {}): Promise<RawClient> {
    const { protocol, headers, search = '', compression = false, autoPong = true } = options;
    const socket = new WebSocket(url + search, protocol === undefined ? [] : [protocol], {
      headers: { ...headers },
      perMessageDeflate: compression,
      autoPong,
    });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_, response) => {
        reject(new UpgradeRefused(response));
        socket.on('error', () => undefined);
        socket.terminate();
      });
    });
    socket.on('error', () => undefined);
    return client;
  }

  get extensions(): string {
    return this.#socket.extensions;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: true });
  }

  /** Writes bytes past the WebSocket layer, as a broken or hostile client would. */
  sendGarbage(bytes: Uint8Array): void {
    this.#tcp.write(bytes);
  }

  /** The next frame as text, or undefined when the connection has closed. */
  async next(): Promise<string | undefined> {
    const frame = await this.nextFrame();
    return frame === undefined ? undefined : textOf(frame);
  }

  /** The next frame, or undefined when the connection has closed. */
  async nextFrame(): Promise<Frame | undefined> {
    const frame = this.#arrived.shift();
    if (frame !== undefined) return frame;
    if (this.#socket.readyState === WebSocket.CLOSED) return undefined;
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  /** Stops reading from the TCP connection: what the hub sends piles up on its side. */
  stopReading(): void {
    this.#tcp.pause();
  }

  goOnReading(): void {
    this.#tcp.resume();
  }

  ping(): void {
    this.#socket.ping();
  }

  close(code: number = 1000): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await this.closed;
  }

  get #tcp(): Socket {
    return (this.#socket as unknown as { readonly _socket: Socket })._socket;
  }
}

function textOf(frame: Frame): string {
  return typeof frame === 'string' ? frame : Buffer.from(frame).toString('latin1');
}
