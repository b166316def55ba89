/**
 * Keeps a session honest: pings once an interval, and reports a peer of which nothing was heard for two.
 * Invariant: `dead` is called at most once, no later than two intervals after the last sign of life, and
 * never while signs keep coming.
 */
import type { Ping, Pong } from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly send: (message: Ping) => void;
  readonly measured: (measurement: PathMeasurement) => void;
  readonly dead: () => void;
}

export interface PathMeasurement {
  readonly rttMs: number;
  /** Add to this machine's wall clock to get the hub's. */
  readonly clockOffsetMs: number;
}

/** How soon a connection in doubt (woken from sleep, network changed) has to answer. */
const PROBE_MS = 5_000;

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #pings: Timer;
  #check: Timer;
  #heardMs: number;
  #sent: { readonly timeMs: number; readonly monotonicMs: number } | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#heardMs = options.clock.monotonicMs();
    this.#pings = options.clock.every(options.intervalMs, () => this.#ping());
    this.#check = this.#checkAfter(this.#silenceMaxMs);
    this.#ping();
  }

  /** Any frame is a sign of life. */
  heard(): void {
    this.#heardMs = this.#options.clock.monotonicMs();
  }

  pong(pong: Pong): void {
    const { clock, measured } = this.#options;
    if (this.#sent?.timeMs !== pong.timeMs) return;
    const rttMs = clock.monotonicMs() - this.#sent.monotonicMs;
    this.#sent = undefined;
    measured({ rttMs, clockOffsetMs: pong.receivedMs - (pong.timeMs + rttMs / 2) });
  }

  /** Asks for a sign of life soon, because the connection may have died unnoticed. */
  probe(): void {
    const probedMs = this.#options.clock.monotonicMs();
    this.#ping();
    this.#check.cancel();
    this.#check = this.#options.clock.after(Math.min(PROBE_MS, this.#silenceMaxMs), () => {
      if (this.#heardMs < probedMs) this.#die();
      else this.#verify();
    });
  }

  stop(): void {
    this.#pings.cancel();
    this.#check.cancel();
  }

  get #silenceMaxMs(): number {
    return 2 * this.#options.intervalMs;
  }

  #ping(): void {
    const { clock, send } = this.#options;
    this.#sent = { timeMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
    send({ type: 'ping', timeMs: this.#sent.timeMs });
  }

  #verify(): void {
    const silentMs = this.#options.clock.monotonicMs() - this.#heardMs;
    if (silentMs >= this.#silenceMaxMs) this.#die();
    else this.#check = this.#checkAfter(this.#silenceMaxMs - silentMs);
  }

  #checkAfter(delayMs: number): Timer {
    return this.#options.clock.after(delayMs, () => this.#verify());
  }

  #die(): void {
    this.stop();
    this.#options.dead();
  }
}
