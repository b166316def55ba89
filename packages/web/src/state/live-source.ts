import type { AlertsReader } from '@nowcast/client';
import type { LabelRecord } from '@nowcast/model';
import type { RangeQuery } from './past-query.ts';
import type { PastSeries } from './past-stream.ts';

/**
 * Where live data come from, as the page needs it: the SDK in the product, a simulated host in development
 * and tests. The page knows nothing else of the wire.
 *
 * What a sink has been told is the whole truth of its stream. A sample that is told twice counts once; after
 * a break, what was missed follows as history.
 */
export interface LiveSource {
  open(request: StreamRequest, sink: StreamSink): StreamHandle;
  /** Alerts as they stand, at once when known and after every change. Returns the way to stop. */
  watchAlerts(read: AlertsReader): () => void;
  /** What the store knows of a longer range; rejects where the hub cannot say. */
  past(query: RangeQuery): Promise<readonly PastSeries[]>;
  watchLink(read: (link: LinkState) => void): () => void;
  /** Ends the wait for the next attempt to connect. */
  retryNow(): void;
  /** The hub's clock, as well as it is known here. */
  serverNowMs(): number;
}

export interface StreamRequest {
  /** A label selector. */
  readonly query: string;
  readonly historyMs: number;
}

export interface StreamHandle {
  setVisible(visible: boolean): void;
  close(): void;
}

export interface StreamSink {
  join(ref: number, labels: LabelRecord): void;
  sample(ref: number, timeMs: number, value: number): void;
  leave(ref: number): void;
  /** Everything told so far was history; from here on it is live. */
  caughtUp(): void;
  /** The hub refused the stream, or ended it. */
  fail(failure: StreamFailure): void;
}

export interface StreamFailure {
  /** A code of docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/** How the page stands to the hub. */
export interface LinkState {
  /** `waiting`: the next attempt is at `retryAtMs`. `stopped`: no attempt follows by itself. */
  readonly phase: 'connecting' | 'live' | 'waiting' | 'stopped';
  /** Close code of the last connection that ended, and why in the hub's words. */
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  /** When that was, by this page's clock. */
  readonly brokenAtMs?: number | undefined;
  /** By this page's clock. */
  readonly retryAtMs?: number | undefined;
  /** Attempts since the last working connection. */
  readonly attempts: number;
  readonly transport?: string | undefined;
  readonly rttMs?: number | undefined;
  readonly hubVersion?: string | undefined;
  readonly session?: string | undefined;
}

export const INITIAL_LINK: LinkState = { phase: 'connecting', attempts: 0 };
