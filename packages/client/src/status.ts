/** How the connection is, for a status line: what a reader sees and how changes are announced. */
import type { ConnectionState } from './connection-state.ts';

export interface ConnectionStatus {
  readonly state: ConnectionState['name'];
  readonly url: string;
  readonly transport: 'websocket';
  /** Round trip of the newest ping. */
  readonly rttMs?: number | undefined;
  /** Add to this machine's wall clock to get the hub's. */
  readonly clockOffsetMs?: number | undefined;
  /** The session's name in the hub's logs, and the hub's version; while online. */
  readonly session?: string | undefined;
  readonly hubVersion?: string | undefined;
  /** Wall clock. When the present session began; while online. */
  readonly onlineSinceMs?: number | undefined;
  /** Wall clock. When the next attempt starts by itself; while waiting. */
  readonly retryAtMs?: number | undefined;
  /** Attempts that failed since the last stable session. */
  readonly failedAttempts: number;
  readonly lastClose?: LastClose | undefined;
}

export interface LastClose {
  readonly code: number;
  readonly reason: string;
  /** Wall clock. */
  readonly atMs: number;
}

/** A value with its readers. A reader is called at once with the present value and after each change. */
export interface Observable<T> {
  readonly value: T;
  /** Returns the function that ends it. */
  observe(reader: (value: T) => void): () => void;
}
