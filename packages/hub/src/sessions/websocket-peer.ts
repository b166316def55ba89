import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Peer, PeerEvents } from './peer.ts';

export interface WebSocketPeerOptions {
  readonly socket: Duplex;
  readonly address: string;
  readonly compresses: boolean;
}

/**
 * A `ws` connection as a peer. Frames come ready made and go to the TCP socket directly, so that sessions can
 * share their bytes; `ws` reads, answers pings, and does the handshakes. Its own sender is used for control frames
 * only, which it writes at once, so the order of what is sent stays as it was.
 */
export class WebSocketPeer implements Peer {
  readonly address: string;
  readonly compresses: boolean;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;

  constructor(ws: WebSocket, { socket, address, compresses }: WebSocketPeerOptions) {
    this.#ws = ws;
    this.#socket = socket;
    this.address = address;
    this.compresses = compresses;
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  /** Starts listening; to be called in the turn in which the connection opened. */
  attach(events: PeerEvents): void {
    const ws = this.#ws;
    ws.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) events.binary();
      else events.text((data as Buffer).toString('utf8'));
    });
    ws.on('ping', () => events.heard());
    ws.on('pong', () => events.heard());
    ws.on('close', (code) => events.closed(code));
    // `ws` closes with the fitting code by itself; without a listener the error would end the process.
    ws.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') events.tooLarge();
    });
    this.#socket.on('drain', () => events.drained());
  }

  send(frame: Buffer): void {
    if (this.#ws.readyState === this.#ws.OPEN && this.#socket.writable) this.#socket.write(frame);
  }

  ping(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }
}
