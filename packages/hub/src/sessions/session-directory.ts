/** All open sessions: counted by address, looked after once a second, sent home when the hub closes. */
import type { Clock, Timer } from '@nowcast/std';
import type { ManagedSession } from './managed-session.ts';

const TICK_MS = 1_000;
/** Clients of a hub that goes away come back spread over this time, more when there are many of them. */
const RETURN_SPREAD_MS = 500;
const RETURNS_PER_SECOND = 2_000;

export class SessionDirectory {
  readonly #clock: Clock;
  readonly #tick: Timer;
  readonly #sessions = new Map<ManagedSession, string>();
  readonly #byAddress = new Map<string, number>();
  #named = 0;
  #emptied: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tick = clock.every(TICK_MS, () => {
      const nowMs = clock.monotonicMs();
      for (const session of this.#sessions.keys()) session.tick(nowMs);
    });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Bytes waiting in all send queues. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const session of this.#sessions.keys()) bytes += session.queuedBytes;
    return bytes;
  }

  ofAddress(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }

  nextName(): string {
    return `s${++this.#named}`;
  }

  add(session: ManagedSession, address: string): void {
    this.#sessions.set(session, address);
    this.#byAddress.set(address, this.ofAddress(address) + 1);
  }

  delete(session: ManagedSession): void {
    const address = this.#sessions.get(session);
    if (address === undefined) return;
    this.#sessions.delete(session);
    const left = this.ofAddress(address) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
    if (this.#sessions.size === 0) this.#emptied?.();
  }

  /** Closes every session and resolves when all are gone; those left after `drainMs` are dropped. */
  async closeAll(code: number, reason: string, drainMs: number): Promise<void> {
    this.#tick.cancel();
    if (this.#sessions.size === 0) return;
    const spreadMs = RETURN_SPREAD_MS + (this.#sessions.size / RETURNS_PER_SECOND) * 1_000;
    const gone = new Promise<void>((resolve) => {
      const timer = this.#clock.after(drainMs, resolve);
      this.#emptied = () => {
        timer.cancel();
        resolve();
      };
    });
    for (const session of this.#sessions.keys())
      session.close(code, reason, Math.round(Math.random() * spreadMs));
    await gone;
    for (const session of this.#sessions.keys()) session.terminate();
  }
}
