/**
 * Carries out what connection-state.ts decides: the only place of the client with a socket and a timer.
 * Everything above it sees sessions: `up`, messages, `down`, in this order, again and again.
 */
import {
  CloseCode,
  encodeFrame,
  PROTOCOL_VERSION,
  SessionDecoder,
  type DownMessage,
  type UpMessage,
  type Welcome,
} from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';
import {
  begin,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionPolicy,
  type ConnectionState,
  type Step,
} from './connection-state.ts';
import { Heartbeat, type PathMeasurement } from './heartbeat.ts';
import type { PlatformSignals } from './platform-signals.ts';
import { Socket, type WebSocketConstructor } from './socket.ts';
import type { ConnectionStatus, LastClose } from './status.ts';
import { Variable } from './variable.ts';

/** Close code of a connection given up because the caller could not produce its token. */
const NO_TOKEN = 3000;

export interface ConnectionOptions {
  readonly url: string;
  readonly token: () => string | undefined | Promise<string | undefined>;
  readonly WebSocket: WebSocketConstructor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly policy: ConnectionPolicy;
  readonly signals: PlatformSignals;
  readonly clientName: string;
}

export interface ConnectionListener {
  up(welcome: Welcome): void;
  received(message: DownMessage): void;
  down(): void;
}

export class Connection {
  readonly status: Variable<ConnectionStatus>;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #unlisten: () => void;
  readonly #events: ConnectionEvent[] = [];
  #performing = false;
  #state: ConnectionState;
  #socket: Socket | undefined;
  #decoder = new SessionDecoder();
  #timer: Timer | undefined;
  #heartbeat: Heartbeat | undefined;
  #welcome: Welcome | undefined;
  #onlineSinceMs = 0;
  #path: Partial<PathMeasurement> = {};
  #lastClose: LastClose | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    const first = begin(options.policy);
    this.#state = first.state;
    this.status = new Variable(this.#describe());
    this.#unlisten = options.signals.listen((signal) => {
      if (signal === 'wake') this.#dispatch({ type: 'wake' });
      else this.#heartbeat?.probe();
    });
    this.#apply(first);
  }

  get online(): boolean {
    return this.#state.name === 'online';
  }

  /** Bytes handed to the socket and not yet sent. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  /** The hub's wall clock, as well as it is known. */
  hubNowMs(): number {
    return this.#options.clock.nowMs() + (this.#path.clockOffsetMs ?? 0);
  }

  /** Sends when online; the caller says everything again on the next `up`. */
  send(...messages: readonly UpMessage[]): void {
    if (this.online) this.sendFrame(encodeFrame(messages));
  }

  sendFrame(frame: string): void {
    this.#socket?.send(frame);
  }

  restart(): void {
    this.#dispatch({ type: 'restart' });
  }

  close(): void {
    this.#unlisten();
    this.#dispatch({ type: 'close' });
  }

  /** Events that come up while effects are carried out wait until these are done. */
  #dispatch(event: ConnectionEvent): void {
    this.#events.push(event);
    if (this.#performing) return;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift())
      this.#apply(
        transition(this.#state, next, {
          nowMs: this.#options.clock.monotonicMs(),
          jitter: this.#options.random(),
          policy: this.#options.policy,
        }),
      );
  }

  #apply(step: Step): void {
    const before = this.#state;
    this.#state = step.state;
    this.#performing = true;
    for (const effect of step.effects) this.#perform(effect);
    if (before !== step.state) this.#announce();
    this.#performing = false;
  }

  #breakOff(code: number, reason: string): void {
    this.#dispatch({ type: 'broken', code, reason });
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        return this.#open();
      case 'hello':
        return void this.#hello().catch((error: unknown) => {
          this.#breakOff(NO_TOKEN, `no token: ${String(error)}`);
        });
      case 'discard':
        this.#noteClose(effect.code, effect.reason);
        this.#socket?.discard(effect.code, effect.reason, this.#options.clock);
        this.#socket = undefined;
        return;
      case 'arm':
        this.#timer = this.#options.clock.after(effect.delayMs, () => {
          this.#dispatch({ type: 'timeout' });
        });
        return;
      case 'disarm':
        this.#timer?.cancel();
        this.#timer = undefined;
        return;
      case 'up':
        return this.#up(effect.welcome);
      case 'down':
        this.#heartbeat?.stop();
        this.#heartbeat = undefined;
        this.#welcome = undefined;
        return this.#listener.down();
    }
  }

  #open(): void {
    const { url, WebSocket } = this.#options;
    const socket: Socket = new Socket(url, WebSocket, {
      opened: () => this.#dispatch({ type: 'opened' }),
      received: (frame) => this.#received(socket, frame),
      dropped: (code, reason) => {
        this.#socket = undefined;
        this.#noteClose(code, reason);
        this.#dispatch({ type: 'dropped', code, reason });
      },
    });
    this.#socket = socket;
    this.#decoder = new SessionDecoder();
  }

  async #hello(): Promise<void> {
    const socket = this.#socket;
    const token = await this.#options.token();
    // The token may have come from far away: meanwhile this socket may be gone.
    if (socket === undefined || socket !== this.#socket) return;
    socket.send(
      encodeFrame([
        {
          type: 'hello',
          versions: [PROTOCOL_VERSION],
          ...(token === undefined ? {} : { token }),
          client: { name: this.#options.clientName },
        },
      ]),
    );
  }

  #up(welcome: Welcome): void {
    const { clock } = this.#options;
    this.#welcome = welcome;
    this.#onlineSinceMs = clock.nowMs();
    this.#path = { clockOffsetMs: welcome.serverTimeMs - clock.nowMs() };
    this.#heartbeat = new Heartbeat({
      clock,
      intervalMs: welcome.heartbeatMs,
      send: (ping) => this.send(ping),
      measured: (measurement) => {
        this.#path = measurement;
        this.#announce();
      },
      dead: () => this.#breakOff(CloseCode.HEARTBEAT_TIMEOUT, 'nothing heard for two heartbeats'),
    });
    this.#listener.up(welcome);
  }

  #received(socket: Socket, frame: string | Uint8Array): void {
    this.#heartbeat?.heard();
    for (const message of this.#decode(frame)) {
      // A message may end this session (restart in a callback): the rest of the frame went to the old one.
      if (socket !== this.#socket) return;
      this.#handle(message);
    }
  }

  #decode(frame: string | Uint8Array): readonly DownMessage[] {
    try {
      return this.#decoder.decode(frame);
    } catch {
      this.#breakOff(CloseCode.BAD_MESSAGE, 'the peer does not speak the protocol');
      return [];
    }
  }

  #handle(message: DownMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#dispatch({ type: 'welcomed', welcome: message });
      case 'goodbye':
        return this.#dispatch({ type: 'goodbye', reconnectAfterMs: message.reconnectAfterMs });
      case 'ping':
        return this.send({
          type: 'pong',
          timeMs: message.timeMs,
          receivedMs: this.#options.clock.nowMs(),
        });
      case 'pong':
        return this.#heartbeat?.pong(message);
      default:
        return this.#listener.received(message);
    }
  }

  #noteClose(code: number, reason: string): void {
    this.#lastClose = { code, reason, atMs: this.#options.clock.nowMs() };
  }

  #announce(): void {
    this.status.set(this.#describe());
  }

  #describe(): ConnectionStatus {
    const state = this.#state;
    const { clock, url } = this.#options;
    return {
      state: state.name,
      url,
      transport: 'websocket',
      rttMs: this.#path.rttMs,
      clockOffsetMs: this.#path.clockOffsetMs,
      session: this.#welcome?.session,
      hubVersion: this.#welcome?.hub,
      onlineSinceMs: state.name === 'online' ? this.#onlineSinceMs : undefined,
      retryAtMs:
        state.name === 'waiting'
          ? clock.nowMs() + (state.retryAtMs - clock.monotonicMs())
          : undefined,
      failedAttempts: 'attempt' in state ? state.attempt : 0,
      lastClose: this.#lastClose,
    };
  }
}
