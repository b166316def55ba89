/**
 * Judges a WebSocket upgrade before it happens: what is refused here costs no session. The order is: is it for us,
 * may it come from there, may it come in, is there room.
 */
import type { IncomingMessage } from 'node:http';
import { BINARY_SUBPROTOCOL, JSON_SUBPROTOCOL, MONITOR_PATH } from '@nowcast/protocol';
import type { HubLimits } from '../access/limits.ts';
import { acceptsHost, judgeOrigin, type OriginRules } from '../access/request-origin.ts';
import { tokenOf, type TokenGuard } from '../access/token.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import { requestUrl } from './request-url.ts';

/** Subprotocols this hub speaks. */
export type Subprotocol = typeof JSON_SUBPROTOCOL | typeof BINARY_SUBPROTOCOL;

export interface UpgradeRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}

export interface UpgradeGrant {
  readonly protocol: Subprotocol | undefined;
  /** The selector of `?query=`. */
  readonly query: string | undefined;
  /** The duration of `?history=`. */
  readonly history: string | undefined;
  /** False: `hello` must bring the token. */
  readonly authorized: boolean;
  readonly address: string;
}

export interface UpgradeGateOptions {
  readonly limits: HubLimits;
  readonly rules: OriginRules;
  readonly tokens: TokenGuard;
  readonly sessions: SessionDirectory;
  readonly metrics: HubMetrics;
}

const RETRY_AFTER_SECONDS = 30;

export class UpgradeGate {
  readonly #options: UpgradeGateOptions;
  #closing = false;

  constructor(options: UpgradeGateOptions) {
    this.#options = options;
  }

  /** From now on nobody comes in. */
  close(): void {
    this.#closing = true;
  }

  judge(request: IncomingMessage): UpgradeGrant | UpgradeRefusal {
    const url = requestUrl(request.url);
    if (url?.pathname !== MONITOR_PATH)
      return refusal(404, 'not-found', `the WebSocket endpoint is ${MONITOR_PATH}`);
    const protocols = protocolsOf(request);
    const protocol = protocols.find(isSpoken);
    if (protocols.length > 0 && protocol === undefined)
      return refusal(
        400,
        'unsupported-version',
        `this hub speaks ${BINARY_SUBPROTOCOL} and ${JSON_SUBPROTOCOL}, or plain JSON without a subprotocol`,
      );
    return (
      this.#judgeOrigin(request, url) ??
      this.#judgeRoom(request) ??
      this.#admit(request, url, protocol)
    );
  }

  #judgeOrigin({ headers }: IncomingMessage, url: URL): UpgradeRefusal | undefined {
    const { rules } = this.#options;
    if (!acceptsHost(rules, headers.host))
      return refusal(403, 'host-refused', `this hub does not answer to ${headers.host}`);
    const verdict = judgeOrigin(rules, headers.origin, headers.host);
    const asksForOverview = url.search === '' && headers['sec-websocket-protocol'] === undefined;
    if (verdict === 'refused' || (verdict === 'overview' && !asksForOverview))
      return refusal(403, 'origin-refused', `pages of ${headers.origin} may not connect`);
    return undefined;
  }

  #judgeRoom(request: IncomingMessage): UpgradeRefusal | undefined {
    const { limits, sessions, metrics } = this.#options;
    if (this.#closing) return full('the hub is closing');
    if (sessions.size >= limits.connectionsMax) {
      metrics.limit('connectionsMax');
      return full(`the hub has ${limits.connectionsMax} connections, as many as it may`);
    }
    if (sessions.ofAddress(addressOf(request)) < limits.connectionsPerAddressMax) return undefined;
    metrics.limit('connectionsPerAddressMax');
    return full(
      `this address has ${limits.connectionsPerAddressMax} connections, as many as it may`,
    );
  }

  #admit(
    request: IncomingMessage,
    url: URL,
    protocol: Subprotocol | undefined,
  ): UpgradeGrant | UpgradeRefusal {
    const { tokens } = this.#options;
    const { authorization, cookie } = request.headers;
    const token = tokenOf({ authorization, cookie, url });
    const authorized = tokens.accepts(token);
    // A client that has a hello to send may bring the token there; a wrong one is refused at once.
    if (!authorized && (token !== undefined || protocol === undefined))
      return refusal(
        401,
        'unauthorized',
        token === undefined ? 'this hub asks for a token' : 'the token is wrong',
      );
    return {
      protocol,
      query: url.searchParams.get('query') ?? undefined,
      history: url.searchParams.get('history') ?? undefined,
      authorized,
      address: addressOf(request),
    };
  }
}

export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown';
}

export function isSpoken(name: string): name is Subprotocol {
  return name === BINARY_SUBPROTOCOL || name === JSON_SUBPROTOCOL;
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function refusal(status: number, code: string, message: string): UpgradeRefusal {
  return { status, code, message };
}

function full(message: string): UpgradeRefusal {
  return {
    status: 503,
    code: 'too-many-connections',
    message,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  };
}
