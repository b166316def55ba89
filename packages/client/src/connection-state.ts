/**
 * The life of a connection as data: immutable states, and one pure function from (state, event, moment)
 * to the next state and the effects to carry out. No socket, no timer, no clock in here; SPEC.md has the
 * table and the invariants.
 *
 *   connecting ──opened──▶ greeting ──welcomed──▶ online
 *       ▲  │                  │                     │
 *       │  └──── dropped, timeout, broken ──────────┤
 *       │                                           ▼
 *       └──────── timeout, wake ─────────────── waiting        stopped ──restart──▶ connecting
 *
 * A close code with the verdict `stop` leads to `stopped` from every state with a socket, `close` leads to
 * `closed` from every state.
 */
import { CloseCode, verdictOf, type Welcome } from '@nowcast/protocol';

export type ConnectionState =
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'greeting'; readonly attempt: number; readonly goodbyeMs?: number | undefined }
  | {
      readonly name: 'online';
      readonly attempt: number;
      readonly sinceMs: number;
      readonly goodbyeMs?: number | undefined;
    }
  | {
      readonly name: 'waiting';
      readonly attempt: number;
      /** When the next attempt starts by itself. */
      readonly retryAtMs: number;
      /** No `wake` may start it sooner: the hub said so. */
      readonly earliestMs: number;
    }
  | { readonly name: 'stopped'; readonly code: number; readonly reason: string }
  | { readonly name: 'closed' };

export type ConnectionEvent =
  /** The socket is open. */
  | { readonly type: 'opened' }
  | { readonly type: 'welcomed'; readonly welcome: Welcome }
  | { readonly type: 'goodbye'; readonly reconnectAfterMs: number | undefined }
  /** The socket closed or could not be opened. */
  | { readonly type: 'dropped'; readonly code: number; readonly reason: string }
  /** This side gives the connection up: a silent peer, one that does not speak the protocol, no token. */
  | { readonly type: 'broken'; readonly code: number; readonly reason: string }
  /** The timer of the present state ran out. */
  | { readonly type: 'timeout' }
  /** The platform says that a connection may be possible now: online again, visible again. */
  | { readonly type: 'wake' }
  /** The user wants a new connection now, for example after a new token. */
  | { readonly type: 'restart' }
  /** The user is done. */
  | { readonly type: 'close' };

export type ConnectionEffect =
  | { readonly type: 'open' }
  | { readonly type: 'hello' }
  /** Closes the socket with this code and listens to it no more. */
  | { readonly type: 'discard'; readonly code: number; readonly reason: string }
  /** Starts the one timer; it brings `timeout`. */
  | { readonly type: 'arm'; readonly delayMs: number }
  | { readonly type: 'disarm' }
  /** The session is there: subscribe, publish. */
  | { readonly type: 'up'; readonly welcome: Welcome }
  /** The session is gone. */
  | { readonly type: 'down' };

export interface ConnectionPolicy {
  /** From opening the socket to its `open`. */
  readonly openTimeoutMs: number;
  /** From `hello` to `welcome`. */
  readonly welcomeTimeoutMs: number;
  /** Full jitter: the delay before attempt n is uniform in [0, min(max, base · 2^n)). */
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** The least delay after a close code that says `later`. */
  readonly laterMs: number;
  /** A session shorter than this counts as a failed attempt, so that backoff goes on growing. */
  readonly stableAfterMs: number;
}

export const DEFAULT_POLICY: ConnectionPolicy = {
  openTimeoutMs: 10_000,
  welcomeTimeoutMs: 10_000,
  backoffBaseMs: 500,
  backoffMaxMs: 15_000,
  laterMs: 10_000,
  stableAfterMs: 5_000,
};

/** What a transition may know of the world. */
export interface Moment {
  /** Monotonic. */
  readonly nowMs: number;
  /** In [0, 1), new for each event. */
  readonly jitter: number;
  readonly policy: ConnectionPolicy;
}

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** The first step of a new client. */
export function begin(policy: ConnectionPolicy): Step {
  return connecting(0, policy);
}

/** Total: every event has a meaning in every state, if only that nothing changes. */
export function transition(state: ConnectionState, event: ConnectionEvent, at: Moment): Step {
  switch (state.name) {
    case 'connecting':
    case 'greeting':
    case 'online':
      return withSocket(state, event, at);
    case 'waiting':
      return whileWaiting(state, event, at);
    case 'stopped':
      if (event.type === 'restart') return connecting(0, at.policy);
      return event.type === 'close' ? stay({ name: 'closed' }) : stay(state);
    case 'closed':
      return stay(state);
  }
}

type SocketState = Extract<ConnectionState, { name: 'connecting' | 'greeting' | 'online' }>;
type WaitingState = Extract<ConnectionState, { name: 'waiting' }>;

function withSocket(state: SocketState, event: ConnectionEvent, at: Moment): Step {
  switch (event.type) {
    case 'opened':
      return state.name === 'connecting' ? greeting(state.attempt, at.policy) : stay(state);
    case 'welcomed':
      return state.name === 'greeting' ? online(state, event.welcome, at) : stay(state);
    case 'goodbye':
      if (state.name === 'connecting') return stay(state);
      return stay({ ...state, goodbyeMs: event.reconnectAfterMs });
    case 'dropped':
      return dropped(state, event, at);
    case 'broken':
      return waiting(state, 0, at, discard(event.code, event.reason));
    case 'timeout':
      if (state.name === 'online') return stay(state);
      return waiting(state, 0, at, discard(CloseCode.HEARTBEAT_TIMEOUT, 'no answer in time'));
    case 'wake':
      return stay(state);
    case 'restart':
      return prefix(leave(state, discard(1000, 'reconnecting')), connecting(0, at.policy));
    case 'close':
      return { state: { name: 'closed' }, effects: leave(state, discard(1000, 'closed')) };
  }
}

function whileWaiting(state: WaitingState, event: ConnectionEvent, at: Moment): Step {
  switch (event.type) {
    case 'timeout':
      return connecting(state.attempt, at.policy);
    case 'wake':
      if (at.nowMs < state.earliestMs) return stay(state);
      return prefix([{ type: 'disarm' }], connecting(state.attempt, at.policy));
    case 'restart':
      return prefix([{ type: 'disarm' }], connecting(0, at.policy));
    case 'close':
      return { state: { name: 'closed' }, effects: [{ type: 'disarm' }] };
    case 'opened':
    case 'welcomed':
    case 'goodbye':
    case 'dropped':
    case 'broken':
      return stay(state);
  }
}

function dropped(
  state: SocketState,
  event: Extract<ConnectionEvent, { type: 'dropped' }>,
  at: Moment,
): Step {
  const verdict = verdictOf(event.code);
  if (verdict === 'stop') {
    const { code, reason } = event;
    return { state: { name: 'stopped', code, reason }, effects: leave(state) };
  }
  const asked = state.name === 'connecting' ? undefined : state.goodbyeMs;
  return waiting(state, asked ?? (verdict === 'later' ? at.policy.laterMs : 0), at);
}

function connecting(attempt: number, policy: ConnectionPolicy): Step {
  return {
    state: { name: 'connecting', attempt },
    effects: [{ type: 'open' }, { type: 'arm', delayMs: policy.openTimeoutMs }],
  };
}

function greeting(attempt: number, policy: ConnectionPolicy): Step {
  return {
    state: { name: 'greeting', attempt },
    effects: [
      { type: 'disarm' },
      { type: 'arm', delayMs: policy.welcomeTimeoutMs },
      { type: 'hello' },
    ],
  };
}

function online(
  state: Extract<ConnectionState, { name: 'greeting' }>,
  welcome: Welcome,
  at: Moment,
): Step {
  return {
    state: { ...state, name: 'online', sinceMs: at.nowMs },
    effects: [{ type: 'disarm' }, { type: 'up', welcome }],
  };
}

function waiting(
  from: SocketState,
  floorMs: number,
  at: Moment,
  ...closing: readonly ConnectionEffect[]
): Step {
  const stable = from.name === 'online' && at.nowMs - from.sinceMs >= at.policy.stableAfterMs;
  const attempt = stable ? 0 : from.attempt;
  const delayMs = floorMs + backoffMs(attempt, at);
  return {
    state: {
      name: 'waiting',
      attempt: attempt + 1,
      retryAtMs: at.nowMs + delayMs,
      earliestMs: at.nowMs + floorMs,
    },
    effects: [...leave(from, ...closing), { type: 'arm', delayMs }],
  };
}

function backoffMs(attempt: number, { jitter, policy }: Moment): number {
  const ceilingMs = policy.backoffBaseMs * 2 ** Math.min(attempt, 30);
  return Math.floor(jitter * Math.min(policy.backoffMaxMs, ceilingMs));
}

/** Whatever the state held is given back: its timer or its session, then its socket. */
function leave(
  state: SocketState,
  ...closing: readonly ConnectionEffect[]
): readonly ConnectionEffect[] {
  const held: ConnectionEffect = state.name === 'online' ? { type: 'down' } : { type: 'disarm' };
  return [held, ...closing];
}

function discard(code: number, reason: string): ConnectionEffect {
  return { type: 'discard', code, reason };
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

function prefix(effects: readonly ConnectionEffect[], step: Step): Step {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
