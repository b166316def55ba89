/**
 * The seam to the platform's WebSocket: the part of the WHATWG interface that the client uses, and one
 * socket with four callbacks. Invariant: after `discard` nothing more is heard from it.
 */
import { BINARY_SUBPROTOCOL, JSON_SUBPROTOCOL } from '@nowcast/protocol';
import type { Clock } from '@nowcast/std';

/** The part of a WebSocket that is used; browsers' own and that of `ws` both fit. */
export interface WebSocketLike {
  binaryType?: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** `ws` only: drops the connection without the closing handshake. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

export interface SocketCallbacks {
  opened(): void;
  received(frame: string | Uint8Array): void;
  dropped(code: number, reason: string): void;
}

/** Best first; the hub takes one. */
const SUBPROTOCOLS = [BINARY_SUBPROTOCOL, JSON_SUBPROTOCOL];

/** Abnormal closure as browsers report it when no close frame came. */
const ABNORMAL = 1006;

/** How long a peer may take to answer our close frame before the connection is dropped. */
const CLOSING_MS = 1_000;

export class Socket {
  readonly #socket: WebSocketLike;
  #lastError = '';

  /** @throws {SyntaxError} when the platform refuses the URL. */
  constructor(url: string, WebSocket: WebSocketConstructor, callbacks: SocketCallbacks) {
    const socket = new WebSocket(url, SUBPROTOCOLS);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => callbacks.opened();
    socket.onmessage = (event: { readonly data: unknown }) => {
      const { data } = event;
      callbacks.received(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
    };
    socket.onerror = (event: { readonly message?: unknown }) => {
      if (typeof event.message === 'string') this.#lastError = event.message;
    };
    socket.onclose = (event: { readonly code?: number; readonly reason?: string }) => {
      callbacks.dropped(event.code ?? ABNORMAL, event.reason || this.#lastError);
    };
  }

  /** Bytes handed over and not yet sent. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  discard(code: number, reason: string, clock: Clock): void {
    const socket = this.#socket;
    socket.onopen = null;
    socket.onmessage = null;
    // `ws` throws an 'error' that nobody listens to, and closing while connecting causes one.
    socket.onerror = () => undefined;
    const force = clock.after(CLOSING_MS, () => socket.terminate?.());
    socket.onclose = () => force.cancel();
    socket.close(code, reason);
  }
}
