import type { LimitName } from '../access/limits.ts';
import type { ApiLimitName } from '../api/api-limits.ts';
import { MetricRegistry, type Counter, type Histogram } from './registry.ts';

const LATENCY_BOUNDS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 5,
] as const;

/** What the hub counts about itself while it works. */
export class HubMetrics {
  readonly registry: MetricRegistry = new MetricRegistry();
  readonly sessionsOpened: Counter = this.registry.counter(
    'nowcast_sessions_opened_total',
    'WebSocket sessions opened, by protocol.',
  );
  readonly sessionsClosed: Counter = this.registry.counter(
    'nowcast_sessions_closed_total',
    'WebSocket sessions closed, by close code.',
  );
  readonly errors: Counter = this.registry.counter(
    'nowcast_session_errors_total',
    'Errors sent to clients, by code.',
  );
  readonly limitReached: Counter = this.registry.counter(
    'nowcast_limit_reached_total',
    'How often a configured limit was met, by limit.',
  );
  readonly upgradesRefused: Counter = this.registry.counter(
    'nowcast_upgrades_refused_total',
    'WebSocket upgrades answered with an HTTP error, by status.',
  );
  readonly messagesReceived: Counter = this.registry.counter(
    'nowcast_messages_received_total',
    'Messages received from clients, by type.',
  );
  readonly samplesReceived: Counter = this.registry.counter(
    'nowcast_samples_received_total',
    'Samples received from publishers and the built-in agent.',
  );
  readonly samplesRejected: Counter = this.registry.counter(
    'nowcast_samples_rejected_total',
    'Samples that could not be taken, by error code.',
  );
  readonly batchesDuplicate: Counter = this.registry.counter(
    'nowcast_batches_duplicate_total',
    'Batches that had been received before and were acknowledged again.',
  );
  readonly framesSent: Counter = this.registry.counter(
    'nowcast_frames_sent_total',
    'WebSocket frames written to sessions.',
  );
  readonly bytesSent: Counter = this.registry.counter(
    'nowcast_sent_bytes_total',
    'Bytes of frames written to sessions, after compression.',
  );
  readonly updatesSent: Counter = this.registry.counter(
    'nowcast_updates_sent_total',
    'Samples sent to sessions, each counted once per session.',
  );
  readonly updatesSkipped: Counter = this.registry.counter(
    'nowcast_updates_skipped_total',
    'Times a subscription was put off because the send queue of its session was full.',
  );
  readonly liveLatency: Histogram = this.registry.histogram(
    'nowcast_live_latency_seconds',
    'Time from the arrival of a sample to the write of its update, once for each session.',
    LATENCY_BOUNDS,
  );
  readonly standingEvaluations: Counter = this.registry.counter(
    'nowcast_standing_evaluations_total',
    'Evaluations of standing queries.',
  );
  readonly standingSeconds: Counter = this.registry.counter(
    'nowcast_standing_evaluation_seconds_total',
    'Time spent on evaluations of standing queries.',
  );

  limit(name: LimitName | ApiLimitName): void {
    this.limitReached.add(1, { limit: name });
  }
}
