import type { AlertsEvent, LiveAlert } from '@nowcast/client';
import { batch, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Clock } from '@nowcast/std';
import { FrameLoop } from '../charts/frame-loop.ts';
import { HostView } from './host-view.ts';
import { CPU_BUSY_QUERY, hostsOf, type HostSummary } from './hosts.ts';
import { INITIAL_LINK, type LinkState, type LiveSource, type StreamHandle } from './live-source.ts';
import { LIVE_MINUTES_MAX } from './preferences.ts';
import { Stream } from './stream.ts';
import { HOSTS_TOPIC, selectorOf } from './topics.ts';

export interface OverviewOptions {
  readonly source: LiveSource;
  readonly clock: Clock;
  readonly requestFrame: (callback: () => void) => unknown;
  /** Length of time charts show, minutes. */
  readonly windowMinutes: ReadonlySignal<number>;
  /** The host asked for, '' for the first there is. */
  readonly chosenHost: Signal<string>;
}

/** Alerts as they stand and those that ended lately; undefined while nobody has told. */
export interface HealthState {
  readonly current: readonly LiveAlert[];
  readonly over: readonly LiveAlert[];
}

const OVER_SHOWN_MS = 600_000;
const OVER_MAX = 5;
const TICK_MS = 1_000;
const CPU_EVERY_MS = 5_000;

/**
 * The state behind the page: the connection, the hosts, the alerts and the view of one host. Everything
 * the page shows is read from here, and all that moves is drawn by the one frame loop in here.
 */
export class Overview {
  readonly loop: FrameLoop;
  readonly windowMinutes: ReadonlySignal<number>;
  readonly chosenHost: Signal<string>;
  readonly link: Signal<LinkState> = signal(INITIAL_LINK);
  readonly health: Signal<HealthState | undefined> = signal(undefined);
  readonly hosts: Signal<readonly HostSummary[]> = signal([]);
  readonly view: Signal<HostView | undefined> = signal(undefined);
  /** The hub's time, moving once a second while the page is seen: what ages are computed from. */
  readonly nowMs: Signal<number>;

  readonly #source: LiveSource;
  readonly #clock: Clock;
  readonly #hostStream: Stream;
  readonly #hostHandle: StreamHandle;
  #cpuBusy: ReadonlyMap<string, number> = new Map();
  #cpuAskedMs = -Infinity;
  #hostVersion = -1;
  #visible = true;

  constructor(options: OverviewOptions) {
    const { source, clock } = options;
    this.#source = source;
    this.#clock = clock;
    this.windowMinutes = options.windowMinutes;
    this.chosenHost = options.chosenHost;
    this.loop = new FrameLoop(options.requestFrame);
    this.nowMs = signal(source.serverNowMs());
    this.#hostStream = new Stream(2, () => this.loop.request());
    this.loop.show({ draw: () => this.#readHosts() });
    source.watchLink((link) => {
      this.link.value = link;
    });
    source.watchAlerts((event) => this.#takeAlerts(event));
    this.#hostHandle = source.open(
      { query: selectorOf(HOSTS_TOPIC.metrics), historyMs: 0 },
      this.#hostStream,
    );
    clock.every(TICK_MS, () => this.#tick());
    effect(() => this.#follow());
  }

  /** The hub's time now. */
  serverNowMs(): number {
    return this.#source.serverNowMs();
  }

  /** This page's own time now; retries are planned by it. */
  localNowMs(): number {
    return this.#clock.nowMs();
  }

  retryNow(): void {
    this.#source.retryNow();
  }

  /** A page nobody sees asks for nothing and draws nothing. */
  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#hostHandle.setVisible(visible);
    this.view.peek()?.setVisible(visible);
    if (visible) this.#tick();
  }

  #tick(): void {
    if (!this.#visible) return;
    this.nowMs.value = this.#source.serverNowMs();
    this.loop.request();
    if (this.hosts.value.length > 1) void this.#askCpu();
  }

  /** How busy the hosts are; where the hub cannot say, what was known goes. */
  async #askCpu(): Promise<void> {
    const nowMs = this.nowMs.value;
    if (nowMs - this.#cpuAskedMs < CPU_EVERY_MS) return;
    this.#cpuAskedMs = nowMs;
    const query = { query: CPU_BUSY_QUERY, startMs: nowMs, endMs: nowMs, stepMs: TICK_MS };
    const answer = await this.#source.past(query).catch(() => []);
    this.#cpuBusy = new Map(
      answer.map(({ labels, values }) => [labels['instance'] ?? '', values.at(-1) ?? NaN]),
    );
    this.#hostVersion = -1;
    this.loop.request();
  }

  #readHosts(): void {
    if (this.#hostVersion === this.#hostStream.version) return;
    this.#hostVersion = this.#hostStream.version;
    this.hosts.value = hostsOf(this.#hostStream, this.#cpuBusy);
  }

  /** Opens the view of the chosen host, or of the first; keeps it as long as it shows enough of the past. */
  #follow(): void {
    const hosts = this.hosts.value;
    const wanted = this.chosenHost.value;
    const historyMs = Math.min(this.windowMinutes.value, LIVE_MINUTES_MAX) * 60_000;
    const view = this.view.peek();
    const host = hosts.find(({ instance }) => instance === wanted) ?? hosts[0];
    const instance = host?.instance ?? view?.instance;
    if (instance === undefined) return;
    if (view?.instance === instance && view.historyMs >= historyMs) return;
    batch(() => {
      view?.close();
      this.view.value = new HostView({
        source: this.#source,
        instance,
        historyMs,
        visible: this.#visible,
        onChange: () => this.loop.request(),
      });
    });
  }

  #takeAlerts({ snapshot, changed, current }: AlertsEvent): void {
    const nowMs = this.#source.serverNowMs();
    const ended = snapshot ? [] : changed.filter(({ state }) => state === 'resolved');
    const before = this.health.peek()?.over ?? [];
    const over = [...ended, ...before].filter(
      (one) => nowMs - one.sinceMs < OVER_SHOWN_MS && !current.has(one.id),
    );
    this.health.value = { current: [...current.values()], over: over.slice(0, OVER_MAX) };
  }
}
