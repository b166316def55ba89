import type { LabelSet } from '@nowcast/model';
import type { AlertTracker } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';

const HYSTERESIS = 0.03;

/** Memory pressure: what programs could still get, of all there is. */
export const memoryCondition: Condition = {
  metrics: ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
  create: (context) => new MemoryEvaluator(context),
};

class MemoryEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #tracker: AlertTracker;
  #availableBytes = NaN;
  #totalBytes = NaN;

  constructor(context: ConditionContext) {
    this.#context = context;
    const { memoryForMs } = context.tuning;
    this.#tracker = context.track('memory-pressure', 'ratio', { forMs: memoryForMs });
  }

  probe(labels: LabelSet): Probe {
    return labels.metric === 'node_memory_MemTotal_bytes'
      ? (_, value) => void (this.#totalBytes = value)
      : (_, value) => void (this.#availableBytes = value);
  }

  evaluate(timeMs: number): void {
    const value = this.#availableBytes / this.#totalBytes;
    if (!Number.isFinite(value)) return;
    const { memoryAvailableCritical, memoryAvailableWarning } = this.#context.tuning;
    const verdict =
      value < memoryAvailableCritical
        ? 'critical'
        : value < memoryAvailableWarning
          ? 'warning'
          : value > memoryAvailableWarning + HYSTERESIS
            ? 'clear'
            : 'between';
    this.#tracker.update({ timeMs, value, verdict });
  }
}
