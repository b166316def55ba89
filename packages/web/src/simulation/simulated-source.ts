import type { AlertsReader, LiveAlert } from '@nowcast/client';
import { createMatcher, LabelSet, matchesAll, type Matcher } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import {
  type LinkState,
  type LiveSource,
  type StreamHandle,
  type StreamRequest,
  type StreamSink,
} from '../state/live-source.ts';
import { SimulatedHost, type Reading } from './host.ts';

export interface SimulationOptions {
  readonly clock: Clock;
  readonly hosts?: number | undefined;
  /** Alerts as they stand from the start. */
  readonly alerts?: readonly LiveAlert[] | undefined;
  /** How far back the simulation reaches. */
  readonly historyMs?: number | undefined;
}

interface Row {
  readonly timeMs: number;
  readonly readings: readonly Reading[];
}

const HISTORY_MS = 905_000;
const EVERY_MS = 1_000;

/**
 * A hub with simulated hosts, for development and for tests: it tells what a real one would, in the same
 * order, and can lose its connection when asked.
 */
export class SimulatedSource implements LiveSource {
  readonly #clock: Clock;
  readonly #hosts: readonly SimulatedHost[];
  readonly #rows: Row[] = [];
  readonly #streams = new Set<SimulatedStream>();
  readonly #linkReaders = new Set<(link: LinkState) => void>();
  readonly #alertReaders = new Set<AlertsReader>();
  readonly #alerts = new Map<string, LiveAlert>();
  #link: LinkState = ONLINE;

  constructor(options: SimulationOptions) {
    const { clock, hosts = 1, historyMs = HISTORY_MS, alerts = [] } = options;
    this.#clock = clock;
    this.#hosts = Array.from(
      { length: hosts },
      (_, at) => new SimulatedHost(HOST_NAMES[at] ?? `host-${at + 1}`, at * 7_919),
    );
    for (const alert of alerts) this.#alerts.set(alert.id, alert);
    const nowMs = Math.floor(clock.nowMs() / EVERY_MS) * EVERY_MS;
    for (let timeMs = nowMs - historyMs; timeMs <= nowMs; timeMs += EVERY_MS) this.#measure(timeMs);
    clock.every(EVERY_MS, () => this.#advance());
  }

  open(request: StreamRequest, sink: StreamSink): StreamHandle {
    const stream = new SimulatedStream(parseSelector(request.query), sink);
    this.#streams.add(stream);
    const fromMs = this.#clock.nowMs() - Math.max(request.historyMs, EVERY_MS);
    this.#clock.after(0, () => {
      for (const row of this.#rows) if (row.timeMs >= fromMs) stream.tell(row);
      sink.caughtUp();
    });
    return {
      setVisible: (visible) => stream.setVisible(visible, this.#rows),
      close: () => void this.#streams.delete(stream),
    };
  }

  past(): Promise<never> {
    return Promise.reject(new Error('a simulated hub has no store'));
  }

  watchAlerts(read: AlertsReader): () => void {
    this.#alertReaders.add(read);
    read({ snapshot: true, changed: [...this.#alerts.values()], current: this.#alerts });
    return () => void this.#alertReaders.delete(read);
  }

  watchLink(read: (link: LinkState) => void): () => void {
    this.#linkReaders.add(read);
    read(this.#link);
    return () => void this.#linkReaders.delete(read);
  }

  retryNow(): void {
    this.connect();
  }

  serverNowMs(): number {
    return this.#clock.nowMs();
  }

  /** Loses the connection; it comes back by itself after `retryMs`. */
  disconnect(reason: string, retryMs: number): void {
    const nowMs = this.#clock.nowMs();
    this.#setLink({
      phase: 'waiting',
      attempts: 1,
      reason,
      retryAtMs: nowMs + retryMs,
      brokenAtMs: nowMs,
    });
    this.#clock.after(retryMs, () => this.connect());
  }

  connect(): void {
    if (this.#link.phase === 'live') return;
    this.#setLink(ONLINE);
    for (const stream of this.#streams) stream.catchUp(this.#rows);
  }

  setAlert(alert: LiveAlert): void {
    if (alert.state === 'resolved') this.#alerts.delete(alert.id);
    else this.#alerts.set(alert.id, alert);
    for (const read of this.#alertReaders)
      read({ snapshot: false, changed: [alert], current: this.#alerts });
  }

  #setLink(link: LinkState): void {
    this.#link = link;
    for (const read of this.#linkReaders) read(link);
  }

  #advance(): void {
    const row = this.#measure(Math.floor(this.#clock.nowMs() / EVERY_MS) * EVERY_MS);
    if (this.#link.phase !== 'live') return;
    for (const stream of this.#streams) stream.tell(row);
  }

  #measure(timeMs: number): Row {
    const row = { timeMs, readings: this.#hosts.flatMap((host) => host.step(timeMs)) };
    this.#rows.push(row);
    if (this.#rows.length > 1_200) this.#rows.shift();
    return row;
  }
}

/** The rows of a simulation that a selector asks for. */
class SimulatedStream {
  readonly #matchers: readonly Matcher[];
  readonly #sink: StreamSink;
  readonly #refs = new Map<string, number>();
  #toldMs = -Infinity;
  #visible = true;

  constructor(matchers: readonly Matcher[], sink: StreamSink) {
    this.#matchers = matchers;
    this.#sink = sink;
  }

  tell({ timeMs, readings }: Row): void {
    if (!this.#visible || timeMs <= this.#toldMs) return;
    this.#toldMs = timeMs;
    for (const { labels, value } of readings) {
      const set = LabelSet.from(labels);
      if (!matchesAll(this.#matchers, set)) continue;
      let ref = this.#refs.get(set.key);
      if (ref === undefined) {
        ref = this.#refs.size;
        this.#refs.set(set.key, ref);
        this.#sink.join(ref, labels);
      }
      this.#sink.sample(ref, timeMs, value);
    }
  }

  catchUp(rows: readonly Row[]): void {
    for (const row of rows) this.tell(row);
  }

  setVisible(visible: boolean, rows: readonly Row[]): void {
    this.#visible = visible;
    if (visible) this.catchUp(rows);
  }
}

/** Only the form the page writes: `{name="value", name=~"value"}`. */
function parseSelector(query: string): readonly Matcher[] {
  return [...query.matchAll(/(\w+)(=~|=)"([^"]*)"/g)].map(([, name = '', op, value = '']) =>
    createMatcher(name, op === '=~' ? '=~' : '=', value),
  );
}

const ONLINE: LinkState = {
  phase: 'live',
  attempts: 0,
  transport: 'websocket',
  rttMs: 1.4,
  hubVersion: '0.1.0',
  session: 's-1f4c',
};

const HOST_NAMES = ['atlas', 'boreas', 'castor', 'daphne', 'echo'] as const;
