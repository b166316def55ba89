/** Turns upgrades into sessions. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BINARY_SUBPROTOCOL } from '@nowcast/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { isLoopback } from '../access/request-origin.ts';
import type { CompressionMode } from '../options.ts';
import { PlainSession } from '../sessions/plain-session.ts';
import type { PlainFeeds } from '../sessions/plain-feed.ts';
import type { SessionServices } from '../sessions/services.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import { Session } from '../sessions/session.ts';
import { WebSocketPeer } from '../sessions/websocket-peer.ts';
import {
  isSpoken,
  type UpgradeGate,
  type UpgradeGrant,
  type UpgradeRefusal,
} from './upgrade-gate.ts';

export interface WebSocketEndpointOptions {
  readonly services: SessionServices;
  readonly sessions: SessionDirectory;
  readonly feeds: PlainFeeds;
  readonly gate: UpgradeGate;
  readonly compression: CompressionMode;
}

export class WebSocketEndpoint {
  readonly #options: WebSocketEndpointOptions;
  readonly #server: WebSocketServer;

  constructor(options: WebSocketEndpointOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // The gate has seen to it that there is one.
      handleProtocols: (offered) => [...offered].find(isSpoken) ?? false,
      maxPayload: options.services.limits.messageBytesMax,
      perMessageDeflate:
        options.compression === 'off'
          ? false
          : {
              serverNoContextTakeover: true,
              clientNoContextTakeover: true,
              concurrencyLimit: 4,
              zlibInflateOptions: { chunkSize: 16 * 1_024 },
            },
    });
  }

  attachTo(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', destroyOnError);
      const verdict = this.#judge(request);
      if ('status' in verdict) this.#refuse(socket, verdict);
      else
        this.#server.handleUpgrade(request, socket, head, (ws) => {
          socket.off('error', destroyOnError);
          this.#open(ws, request, { ...verdict, socket });
        });
    });
  }

  /** A fault in judging a stranger's request costs that request, not the hub. */
  #judge(request: IncomingMessage): UpgradeGrant | UpgradeRefusal {
    try {
      return this.#options.gate.judge(request);
    } catch (error) {
      this.#options.services.log.error({ err: error }, 'an upgrade could not be judged');
      return { status: 500, code: 'internal', message: 'the hub failed; its log has the cause' };
    }
  }

  #open(
    ws: WebSocket,
    request: IncomingMessage,
    { socket, ...grant }: UpgradeGrant & { readonly socket: Duplex },
  ): void {
    const { services, sessions, feeds } = this.#options;
    const { metrics, log } = services;
    // Frames are made to be sent at once; holding them back for company costs latency only.
    (socket as Socket).setNoDelay(true);
    const { address } = grant;
    const compresses = this.#compresses(ws, request);
    const peer = new WebSocketPeer(ws, { socket, address, compresses });
    const name = sessions.nextName();
    const { authorized, protocol } = grant;
    const session =
      protocol === undefined
        ? new PlainSession(peer, name, services)
        : new Session(
            peer,
            { name, authorized, isBinary: protocol === BINARY_SUBPROTOCOL },
            services,
          );
    sessions.add(session, address);
    metrics.sessionsOpened.add(1, { protocol: protocol ?? 'plain' });
    log.debug({ session: name, address, protocol }, 'connected');
    ws.once('close', (code) => {
      sessions.delete(session);
      metrics.sessionsClosed.add(1, { code: String(code) });
      log.debug({ session: name, code }, 'disconnected');
    });
    peer.attach(session);
    if (session instanceof PlainSession) session.start(feeds, grant);
  }

  #compresses(ws: WebSocket, request: IncomingMessage): boolean {
    if (!ws.extensions.includes('permessage-deflate')) return false;
    // Shared frames are made with the full window; a client that asks for less gets them as they are.
    const offer = request.headers['sec-websocket-extensions'] ?? '';
    if (offer.includes('server_max_window_bits')) return false;
    if (this.#options.compression === 'always') return true;
    const viaProxy = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
    return viaProxy || !isLoopback(request.socket.remoteAddress ?? '');
  }

  #refuse(socket: Duplex, { status, code, message, retryAfterSeconds }: UpgradeRefusal): void {
    this.#options.services.metrics.upgradesRefused.add(1, { status: String(status) });
    const body = `${JSON.stringify({ code, message })}\n`;
    const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${retry}Connection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
}

/** A function of its own: a closure would keep the request's headers for as long as the connection lasts. */
function destroyOnError(this: Duplex): void {
  this.destroy();
}
