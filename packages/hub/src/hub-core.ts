/** Everything of a hub but its network: store, live layer, ingest, sessions, and what they count. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '@nowcast/std';
import type { Store } from '@nowcast/tsdb';
import type { Logger } from 'pino';
import type { HubLimits } from './access/limits.ts';
import type { TokenGuard } from './access/token.ts';
import { AlertBoard } from './health/alert-board.ts';
import { HealthEngine } from './health/health-engine.ts';
import { healthSentences } from './health/health-sentences.ts';
import type { HealthTuning } from './health/tuning.ts';
import { AckQueue } from './ingest/ack-queue.ts';
import { BatchLedger } from './ingest/batch-ledger.ts';
import { Ingest } from './ingest/ingest.ts';
import { HostInventory } from './inventory/host-inventory.ts';
import { LiveLayer } from './live/live-layer.ts';
import { HubMetrics } from './metrics/hub-metrics.ts';
import type { LiveTiming } from './options.ts';
import { OverviewReader } from './overview/host-overview.ts';
import { PlainFeeds } from './sessions/plain-feed.ts';
import type { SessionServices } from './sessions/services.ts';
import { SessionDirectory } from './sessions/session-directory.ts';
import { HUB_VERSION } from './version.ts';

export interface CoreOptions {
  /** Closed with the core. */
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: HubLimits;
  readonly timing: LiveTiming;
  readonly tokens: TokenGuard;
  readonly health: HealthTuning;
}

const RECYCLE_MS = 60_000;
const EPOCH_BYTES = 6;

export class HubCore {
  readonly store: Store;
  readonly metrics: HubMetrics = new HubMetrics();
  readonly live: LiveLayer;
  readonly ingest: Ingest;
  readonly inventory: HostInventory;
  readonly health: HealthEngine;
  readonly sessions: SessionDirectory;
  readonly feeds: PlainFeeds;
  readonly services: SessionServices;
  readonly #acks: AckQueue;
  readonly #stop: (() => void)[] = [];

  constructor(options: CoreOptions) {
    const { clock, log, limits, timing } = options;
    const { metrics } = this;
    this.store = options.store;
    this.live = new LiveLayer({
      clock,
      timing,
      metrics,
      queryable: this.store,
      historySamplesMax: limits.historySamplesMax,
      standingLimits: limits,
    });
    const { registry } = this.live;
    this.inventory = new HostInventory(clock, registry);
    const { inventory } = this;
    const alerts = new AlertBoard();
    this.health = new HealthEngine({
      clock,
      registry,
      inventory,
      board: alerts,
      tuning: options.health,
      lookbackMs: timing.lookbackMs,
    });
    this.ingest = new Ingest(this.store, registry, metrics, [
      inventory,
      this.health,
      this.live.standing,
    ]);
    this.#acks = new AckQueue(() => this.ingest.flushed(), clock, log);
    this.sessions = new SessionDirectory(clock);
    const reader = new OverviewReader(registry);
    this.feeds = new PlainFeeds({
      clock,
      live: this.live,
      intervalMs: timing.plainIntervalMs,
      overview: (nowMs) => ({ hosts: reader.read(nowMs), health: healthSentences(alerts, nowMs) }),
    });
    this.services = {
      ...options,
      metrics,
      live: this.live,
      ingest: this.ingest,
      ledger: new BatchLedger(),
      acks: this.#acks,
      alerts,
      epoch: randomBytes(EPOCH_BYTES).toString('base64url'),
      version: HUB_VERSION,
    };
    const recycle = clock.every(RECYCLE_MS, () =>
      registry.forgetWhere((ref) => this.store.labelsOf(ref) === undefined),
    );
    this.#stop.push(() => recycle.cancel());
    this.#addGauges();
  }

  async close(): Promise<void> {
    for (const stop of this.#stop) stop();
    this.feeds.close();
    this.health.close();
    this.live.close();
    this.#acks.close();
    await this.store.close();
  }

  #addGauges(): void {
    const { registry: metrics } = this.metrics;
    const { registry } = this.live;
    const { sessions, store, inventory } = this;
    metrics.gauge('nowcast_sessions', 'WebSocket sessions open now.', () => sessions.size);
    metrics.gauge(
      'nowcast_send_queue_bytes',
      'Bytes waiting in the send queues of all sessions.',
      () => sessions.queuedBytes,
    );
    metrics.gauge('nowcast_live_series', 'Series with a recent sample.', () => registry.liveCount);
    metrics.gauge(
      'nowcast_selections',
      'Different selectors that are subscribed to.',
      () => this.live.selectionCount,
    );
    const { standing } = this.live;
    metrics.gauge(
      'nowcast_standing_queries',
      'Different expressions that are subscribed to, by step.',
      () => standing.size,
    );
    metrics.gauge(
      'nowcast_standing_window_samples',
      'Samples held in memory for standing queries.',
      () => standing.windowSamples,
    );
    metrics.gauge(
      'nowcast_standing_window_series',
      'Series that standing queries read.',
      () => standing.windowSeries,
    );
    metrics.gauge(
      'nowcast_standing_stretch',
      'How many times as long as its evaluation takes a standing query rests at least.',
      () => standing.stretch,
    );
    metrics.gauge(
      'nowcast_alerts',
      'Alerts pending or firing now.',
      () => this.services.alerts.list().length,
    );
    metrics.gauge(
      'nowcast_hosts',
      'Hosts known: seen since the hub started and not forgotten.',
      () => inventory.size,
    );
    metrics.gauge('nowcast_store_series', 'Series in the store.', () => store.stats().series);
    metrics.gauge('nowcast_store_samples', 'Samples in the store.', () => store.stats().samples);
    metrics.counterOf(
      'nowcast_store_series_refused_total',
      'Series refused because the store holds as many as it may.',
      () => store.stats().seriesRefused,
    );
    metrics.gauge('nowcast_resident_memory_bytes', 'Resident memory of the process.', () =>
      process.memoryUsage.rss(),
    );
    metrics.counterOf(
      'nowcast_cpu_seconds_total',
      'CPU time of the process, all threads, user and system.',
      () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    );
  }
}
