import type { LabelSet } from '@nowcast/model';
import type { AlertTracker } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';

/** The kernel's own word on whether something keeps its clock right. */
export const clockCondition: Condition = {
  metrics: ['node_timex_sync_status', 'node_timex_maxerror_seconds'],
  create: (context) => new ClockEvaluator(context),
};

class ClockEvaluator implements ConditionEvaluator {
  readonly #tracker: AlertTracker;
  #synced = NaN;
  #errorSeconds = NaN;

  constructor(context: ConditionContext) {
    const { clockForMs } = context.tuning;
    this.#tracker = context.track('clock-unsynced', 'seconds', { forMs: clockForMs });
  }

  probe(labels: LabelSet): Probe {
    return labels.metric === 'node_timex_sync_status'
      ? (_, value) => void (this.#synced = value)
      : (_, value) => void (this.#errorSeconds = value);
  }

  evaluate(timeMs: number): void {
    if (Number.isNaN(this.#synced)) {
      this.#tracker.end(timeMs);
      return;
    }
    const verdict = this.#synced === 0 ? 'warning' : 'clear';
    this.#tracker.update({ timeMs, value: this.#errorSeconds, verdict });
  }
}
