import { isStaleMarker, type LabelSet } from '@nowcast/model';
import type { AlertTracker, Verdict } from '../alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';
import { RateWindow } from '../rate-window.ts';

const FREE_HYSTERESIS = 0.03;
const STALL_WINDOW_MS = 10_000;

/** Memory pressure: what programs could still get, of all there is. */
export const memoryCondition: Condition = {
  metrics: ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
  create: (context) => new MemoryEvaluator(context),
};

/** Memory pressure as the kernel feels it: time in which nothing ran, for all waited for memory. */
export const memoryStallCondition: Condition = {
  metrics: ['node_pressure_memory_stalled_seconds_total'],
  create: (context) => new MemoryStallEvaluator(context),
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
    if (!Number.isFinite(value)) {
      this.#tracker.end(timeMs);
      return;
    }
    const { memoryAvailableCritical, memoryAvailableWarning } = this.#context.tuning;
    const verdict =
      value < memoryAvailableCritical
        ? 'critical'
        : value < memoryAvailableWarning
          ? 'warning'
          : value > memoryAvailableWarning + FREE_HYSTERESIS
            ? 'clear'
            : 'between';
    this.#tracker.update({ timeMs, value, verdict });
  }
}

class MemoryStallEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #tracker: AlertTracker;
  #stalledSeconds = NaN;
  #window = new RateWindow(STALL_WINDOW_MS);

  constructor(context: ConditionContext) {
    this.#context = context;
    const { memoryForMs } = context.tuning;
    this.#tracker = context.track('memory-stalled', 'ratio', { forMs: memoryForMs });
  }

  probe(): Probe {
    return (timeMs, value) => {
      this.#stalledSeconds = value;
      if (!isStaleMarker(value)) return;
      this.#window = new RateWindow(STALL_WINDOW_MS);
      this.#tracker.end(timeMs);
    };
  }

  evaluate(timeMs: number): void {
    if (Number.isNaN(this.#stalledSeconds)) return;
    const rate = this.#window.add(timeMs, this.#stalledSeconds);
    if (rate === undefined) return;
    const value = Math.min(1, rate);
    this.#tracker.update({ timeMs, value, verdict: this.#verdict(value) });
  }

  #verdict(value: number): Verdict {
    const { memoryStalledCritical, memoryStalledWarning } = this.#context.tuning;
    if (value >= memoryStalledCritical) return 'critical';
    if (value >= memoryStalledWarning) return 'warning';
    return value < memoryStalledWarning / 2 ? 'clear' : 'between';
  }
}
