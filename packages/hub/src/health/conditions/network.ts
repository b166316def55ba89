import { isStaleMarker, type LabelSet } from '@nowcast/model';
import type { AlertTracker } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';
import { RateWindow } from '../rate-window.ts';

const WINDOW_MS = 30_000;

/** Packets that arrived damaged or could not be sent, by interface. */
export const networkCondition: Condition = {
  metrics: ['node_network_receive_errs_total', 'node_network_transmit_errs_total'],
  create: (context) => new NetworkEvaluator(context),
};

interface Interface {
  received: number;
  transmitted: number;
  readonly window: RateWindow;
  readonly tracker: AlertTracker;
}

class NetworkEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #interfaces = new Map<string, Interface>();

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  probe(labels: LabelSet): Probe | undefined {
    const device = labels.get('device');
    if (device === 'lo') return undefined;
    const received = labels.metric === 'node_network_receive_errs_total';
    return (timeMs, value) => {
      if (isStaleMarker(value)) {
        this.#interfaces.get(device)?.tracker.end(timeMs);
        this.#interfaces.delete(device);
        return;
      }
      const one = this.#interfaceOf(device);
      if (received) one.received = value;
      else one.transmitted = value;
    };
  }

  evaluate(timeMs: number): void {
    const limit = this.#context.tuning.networkErrorsPerSecond;
    for (const { received, transmitted, window, tracker } of this.#interfaces.values()) {
      if (Number.isNaN(received + transmitted)) continue;
      const value = window.add(timeMs, received + transmitted);
      if (value === undefined) continue;
      const verdict = value >= limit ? 'warning' : value < limit / 2 ? 'clear' : 'between';
      tracker.update({ timeMs, value, verdict });
    }
  }

  #interfaceOf(device: string): Interface {
    let one = this.#interfaces.get(device);
    if (one === undefined) {
      const { tuning } = this.#context;
      const options = { labels: { device }, forMs: tuning.networkForMs };
      const tracker = this.#context.track('network-errors', 'per_second', options);
      one = { received: NaN, transmitted: NaN, window: new RateWindow(WINDOW_MS), tracker };
      this.#interfaces.set(device, one);
    }
    return one;
  }
}
