import type { Client, ConnectionStatus, LiveSeries, SubscriptionEvent } from '@nowcast/client';
import type { Clock } from '@nowcast/std';
import type {
  LinkState,
  LiveSource,
  StreamHandle,
  StreamRequest,
  StreamSink,
} from './live-source.ts';
import { readMatrix, type RangeQuery } from './past-query.ts';
import type { PastSeries } from './past-stream.ts';

/** The product's source: streams, alerts and the state of the connection out of the SDK. */
export function clientSource(client: Client, clock: Clock): LiveSource {
  return {
    open: (request, sink) => new ClientStream(client, request, sink),
    watchAlerts: (read) => client.watchAlerts(read),
    watchLink: (read) => client.status.observe((status) => read(linkOf(status))),
    past: askRange,
    retryNow: () => client.reconnect(),
    serverNowMs: () => clock.nowMs() + (client.status.value.clockOffsetMs ?? 0),
  };
}

/** Long ranges come through the Prometheus API of the hub the page is from. */
async function askRange({
  query,
  startMs,
  endMs,
  stepMs,
}: RangeQuery): Promise<readonly PastSeries[]> {
  const parameters = new URLSearchParams({
    query,
    start: String(startMs / 1_000),
    end: String(endMs / 1_000),
    step: String(stepMs / 1_000),
  });
  const response = await fetch(`/api/v1/query_range?${parameters.toString()}`);
  return readMatrix(await response.json());
}

/** The SDK knows a series by identity, the page by number. */
class ClientStream implements StreamHandle {
  readonly #sink: StreamSink;
  readonly #refs = new Map<LiveSeries, number>();
  readonly #subscription: ReturnType<Client['subscribe']>;
  #nextRef = 0;

  constructor(client: Client, request: StreamRequest, sink: StreamSink) {
    this.#sink = sink;
    this.#subscription = client.subscribe(request.query, {
      historyMs: request.historyMs,
      contract: { visible: true },
      onEvent: (event) => this.#take(event),
    });
  }

  setVisible(visible: boolean): void {
    this.#subscription.setContract({ visible });
  }

  close(): void {
    this.#subscription.close();
  }

  #take(event: SubscriptionEvent): void {
    switch (event.type) {
      case 'joined':
        for (const series of event.series) this.#join(series);
        return;
      case 'samples':
        event.batch.forEach((series, timeMs, value) => {
          const ref = this.#refs.get(series);
          if (ref !== undefined) this.#sink.sample(ref, timeMs, value);
        });
        return;
      case 'live':
        this.#sink.caughtUp();
        return;
      case 'left':
        for (const series of event.series) this.#leave(series);
        return;
      case 'error':
        if (!event.retrying)
          this.#sink.fail({ code: event.error.code, message: event.error.message });
        return;
      case 'granted':
      case 'resumed':
      case 'skipped':
        // Identity and samples survive a reconnect; what could not be had shows as a gap in the chart.
        return;
    }
  }

  #join(series: LiveSeries): void {
    if (this.#refs.has(series)) return;
    const ref = this.#nextRef++;
    this.#refs.set(series, ref);
    this.#sink.join(ref, series.labels.toRecord());
  }

  #leave(series: LiveSeries): void {
    const ref = this.#refs.get(series);
    if (ref === undefined) return;
    this.#refs.delete(series);
    this.#sink.leave(ref);
  }
}

function linkOf(status: ConnectionStatus): LinkState {
  return {
    phase: phaseOf(status.state),
    attempts: status.failedAttempts,
    transport: status.transport,
    rttMs: status.rttMs,
    session: status.session,
    hubVersion: status.hubVersion,
    retryAtMs: status.retryAtMs,
    code: status.lastClose?.code,
    reason: status.lastClose?.reason,
    brokenAtMs: status.lastClose?.atMs,
  };
}

function phaseOf(state: ConnectionStatus['state']): LinkState['phase'] {
  switch (state) {
    case 'online':
      return 'live';
    case 'connecting':
    case 'greeting':
      return 'connecting';
    case 'waiting':
      return 'waiting';
    case 'stopped':
    case 'closed':
      return 'stopped';
  }
}
