/** What the hub does with every session, whichever protocol it speaks. */
export interface ManagedSession {
  readonly name: string;
  readonly queuedBytes: number;
  /** Called about once a second: time to ping, or to give up. */
  tick(nowMs: number): void;
  close(code: number, reason: string, reconnectAfterMs?: number): void;
  /** Drops the connection of a peer that does not take part in closing. */
  terminate(): void;
}
