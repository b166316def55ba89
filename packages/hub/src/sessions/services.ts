import type { Queryable } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { Logger } from 'pino';
import type { HubLimits } from '../access/limits.ts';
import type { TokenGuard } from '../access/token.ts';
import type { AlertBoard } from '../health/alert-board.ts';
import type { AckQueue } from '../ingest/ack-queue.ts';
import type { BatchLedger } from '../ingest/batch-ledger.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveLayer } from '../live/live-layer.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { LiveTiming } from '../options.ts';

/** What sessions need of the hub. */
export interface SessionServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Queryable;
  readonly limits: HubLimits;
  readonly timing: LiveTiming;
  readonly metrics: HubMetrics;
  readonly live: LiveLayer;
  readonly ingest: Ingest;
  readonly ledger: BatchLedger;
  readonly acks: AckQueue;
  readonly alerts: AlertBoard;
  readonly tokens: TokenGuard;
  /** Changes whenever the hub starts. */
  readonly epoch: string;
  /** Version of the software. */
  readonly version: string;
}
