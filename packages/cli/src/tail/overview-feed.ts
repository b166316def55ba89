/**
 * The plain stream of a hub: what it sends to clients without a subprotocol. Comes back by itself with a
 * growing delay until it is closed or the hub says that coming back is useless.
 */
import { monitorUrl } from '@nowcast/client';
import { CodedError } from '@nowcast/model';
import { verdictOf, type PlainOverview } from '@nowcast/protocol';
import { Backoff, systemClock, type Timer } from '@nowcast/std';
import { WebSocket } from 'ws';

export interface OverviewFeedOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly overview: (overview: PlainOverview, text: string) => void;
  /** The connection is gone and will be tried again. */
  readonly interrupted: (reason: string) => void;
  /** The hub refused for good. */
  readonly refused: (error: CodedError) => void;
}

/** What `ws` says of an upgrade that was answered by 401. */
const UNAUTHORIZED = /response: 401$/;
const BACKOFF = { baseMs: 500, maxMs: 15_000 };
/** The hub sends about once a second; a connection silent for this long is dead. */
const SILENCE_MAX_MS = 10_000;

export class OverviewFeed {
  readonly #options: OverviewFeedOptions;
  readonly #backoff = new Backoff(BACKOFF);
  #socket: WebSocket | undefined;
  #timer: Timer | undefined;
  #closed = false;

  /** @throws {CodedError} `bad-url` */
  constructor(options: OverviewFeedOptions) {
    this.#options = options;
    this.#open(plainUrl(options.url, options.token));
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#socket?.terminate();
  }

  #open(url: string): void {
    const socket = new WebSocket(url);
    this.#socket = socket;
    let reason = '';
    socket.on('open', () => this.#backoff.reset());
    socket.on('message', (data: Buffer) => this.#received(data.toString('utf8'), socket));
    socket.on('error', (error) => (reason = error.message));
    socket.on('close', (code, text) => this.#dropped(url, code, text.toString('utf8') || reason));
    this.#watch(socket);
  }

  #received(text: string, socket: WebSocket): void {
    this.#watch(socket);
    const message = JSON.parse(text) as PlainOverview | { readonly type: string };
    if (message.type === 'overview') this.#options.overview(message as PlainOverview, text);
  }

  #watch(socket: WebSocket): void {
    this.#timer?.cancel();
    this.#timer = systemClock.after(SILENCE_MAX_MS, () => socket.terminate());
  }

  #dropped(url: string, code: number, reason: string): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    if (verdictOf(code) === 'stop' || UNAUTHORIZED.test(reason))
      return this.#options.refused(refusalOf(this.#options.url, reason || `closed with ${code}`));
    this.#options.interrupted(reason || `closed with ${code}`);
    this.#timer = systemClock.after(this.#backoff.nextMs(), () => this.#open(url));
  }
}

function refusalOf(url: string, reason: string): CodedError {
  const why = UNAUTHORIZED.test(reason) ? 'unauthorized: pass a valid --token' : reason;
  return new CodedError('connection-stopped', `${url} refused the connection: ${why}`);
}

function plainUrl(text: string, token: string | undefined): string {
  const url = new URL(monitorUrl(text));
  if (token !== undefined) url.searchParams.set('token', token);
  return url.href;
}
