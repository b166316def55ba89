/**
 * The client: one connection and what is carried over it. It only joins the parts; what a part does stands
 * in its own file.
 */
import { CodedError } from '@nowcast/model';
import type { DownMessage, ErrorMessage, Welcome } from '@nowcast/protocol';
import { systemClock, type Clock } from '@nowcast/std';
import { AlertWatch, type AlertsReader } from './alert-watch.ts';
import { DEFAULT_POLICY, type ConnectionPolicy } from './connection-state.ts';
import { Connection } from './connection.ts';
import { guarded } from './guarded-callback.ts';
import { monitorUrl } from './monitor-url.ts';
import { platformSignals, type PlatformSignals } from './platform-signals.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import type { WebSocketConstructor } from './socket.ts';
import type { ConnectionStatus, Observable } from './status.ts';
import { SubscriptionRegistry } from './subscription-registry.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

export interface ClientOptions {
  /** `ws://host:8080/monitor`; http and https and a missing path are put right. */
  readonly url: string;
  /** Asked for anew for each connection when it is a function. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Default: the platform's own. Node 20 has none: pass `WebSocket` of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** For the hub's list of connections. */
  readonly name?: string | undefined;
  /** Called with errors of the hub that belong to no subscription and no publisher. */
  readonly onError?: ((error: CodedError) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); decides the jitter of reconnects. */
  readonly random?: (() => number) | undefined;
  readonly policy?: Partial<ConnectionPolicy> | undefined;
  readonly signals?: PlatformSignals | undefined;
}

export interface Client {
  readonly status: Observable<ConnectionStatus>;
  /** The hub's wall clock, as well as it is known here. */
  hubNowMs(): number;
  /** Age of the newest value of all subscriptions by the hub's clock; undefined before the first. */
  ageMs(): number | undefined;
  subscribe(query: string, options?: SubscribeOptions): Subscription;
  /** Alerts as they stand and as they change; returns the function that ends it. */
  watchAlerts(read: AlertsReader): () => void;
  publisher(options: PublisherOptions): Publisher;
  /** Connects anew at once, also after the hub said `stop`: after a new token, for example. */
  reconnect(): void;
  close(): void;
}

/**
 * Connects to a hub and stays connected. Returns at once; everything may be used before the connection is
 * there.
 * @throws {CodedError} `no-websocket`, `bad-url`
 */
export function connect(options: ClientOptions): Client {
  return new MonitorClient(options);
}

class MonitorClient implements Client {
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #subscriptions: SubscriptionRegistry;
  readonly #alerts: AlertWatch;
  readonly #publishers = new Set<Publisher>();
  #welcome: Welcome | undefined;
  #refs = 0;
  #closed = false;

  constructor(options: ClientOptions) {
    const { clock = systemClock, random = Math.random, token } = options;
    this.#options = options;
    this.#clock = clock;
    this.#subscriptions = new SubscriptionRegistry({
      clock,
      random,
      send: (message) => this.#connection.send(message),
      online: () => this.#welcome !== undefined,
      hubNowMs: () => this.#connection.hubNowMs(),
    });
    this.#alerts = new AlertWatch((message) => this.#connection.send(message));
    this.#connection = new Connection(
      {
        url: monitorUrl(options.url),
        token: typeof token === 'function' ? token : () => token,
        WebSocket: options.WebSocket ?? globalWebSocket(),
        clock,
        random,
        policy: { ...DEFAULT_POLICY, ...options.policy },
        signals: options.signals ?? platformSignals,
        clientName: options.name ?? 'nowcast-client',
      },
      {
        up: (welcome) => this.#up(welcome),
        received: (message) => this.#received(message),
        down: () => this.#down(),
      },
    );
  }

  get status(): Observable<ConnectionStatus> {
    return this.#connection.status;
  }

  hubNowMs(): number {
    return this.#connection.hubNowMs();
  }

  ageMs(): number | undefined {
    const { newestMs } = this.#subscriptions;
    return newestMs === undefined ? undefined : Math.max(0, this.hubNowMs() - newestMs);
  }

  subscribe(query: string, options: SubscribeOptions = {}): Subscription {
    this.#assertOpen();
    return this.#subscriptions.add(query, options);
  }

  watchAlerts(read: AlertsReader): () => void {
    this.#assertOpen();
    return this.#alerts.add(read);
  }

  publisher(options: PublisherOptions): Publisher {
    this.#assertOpen();
    const publisher = new Publisher(options, {
      clock: this.#clock,
      bufferedBytes: () => this.#connection.bufferedBytes,
      hubNowMs: () => this.#connection.hubNowMs(),
      sendFrame: (frame) => this.#connection.sendFrame(frame),
      nextRef: () => this.#refs++,
      reconnect: () => this.#connection.restart(),
      closed: () => void this.#publishers.delete(publisher),
    });
    this.#publishers.add(publisher);
    if (this.#welcome) publisher.up(this.#welcome);
    return publisher;
  }

  reconnect(): void {
    this.#assertOpen();
    this.#connection.restart();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscriptions.closeAll();
    for (const publisher of this.#publishers) publisher.close();
    this.#connection.close();
  }

  #up(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#refs = 0;
    this.#alerts.up();
    this.#subscriptions.up();
    for (const publisher of this.#publishers) publisher.up(welcome);
  }

  #down(): void {
    this.#welcome = undefined;
    this.#subscriptions.down();
    for (const publisher of this.#publishers) publisher.down();
  }

  #received(message: DownMessage): void {
    switch (message.type) {
      case 'update':
        return this.#subscriptions.update(message);
      case 'subscribed':
        return this.#subscriptions.subscribed(message);
      case 'alerts':
        return this.#alerts.received(message);
      case 'ack':
        for (const publisher of this.#publishersOf(message)) publisher.acknowledged(message);
        return;
      case 'error':
        return this.#failed(message);
      default:
        // A newer hub may send what this client does not know.
        return;
    }
  }

  #failed(message: ErrorMessage): void {
    if (this.#subscriptions.failed(message)) return;
    if (message.publish) {
      for (const publisher of this.#publishersOf(message.publish)) publisher.refused(message);
      return;
    }
    const { onError } = this.#options;
    if (onError) guarded(() => onError(new CodedError(message.code, message.message)));
  }

  #publishersOf({ source }: { readonly source: string }): readonly Publisher[] {
    return [...this.#publishers].filter((publisher) => publisher.source === source);
  }

  #assertOpen(): void {
    if (this.#closed) throw new CodedError('client-closed', 'the client was closed');
  }
}

function globalWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { readonly WebSocket?: WebSocketConstructor };
  if (WebSocket) return WebSocket;
  throw new CodedError(
    'no-websocket',
    'this platform has no WebSocket; pass the one of the package `ws` as `WebSocket`',
  );
}
