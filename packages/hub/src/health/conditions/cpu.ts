import { isStaleMarker, type LabelSet } from '@nowcast/model';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from '../condition.ts';
import { RateWindow } from '../rate-window.ts';

const WINDOW_MS = 5_000;
const HYSTERESIS = 0.1;

/** CPU saturation: all CPUs together, over the last few seconds. Waiting for disks is not being busy. */
export const cpuCondition: Condition = {
  metrics: ['node_cpu_seconds_total'],
  create: (context) => new CpuEvaluator(context),
};

class CpuEvaluator implements ConditionEvaluator {
  readonly #context: ConditionContext;
  readonly #tracker;
  /** Seconds by CPU and mode; idle modes only. */
  readonly #idle = new Map<LabelSet, number>();
  readonly #cpus = new Set<string>();
  #window = new RateWindow(WINDOW_MS);

  constructor(context: ConditionContext) {
    this.#context = context;
    this.#tracker = context.track('cpu-saturation', 'ratio', { forMs: context.tuning.cpuForMs });
  }

  probe(labels: LabelSet): Probe | undefined {
    const mode = labels.get('mode');
    if (mode !== 'idle' && mode !== 'iowait') return undefined;
    const cpu = labels.get('cpu');
    return (_, value) => {
      const ended = isStaleMarker(value);
      // A CPU that comes or goes changes the sum by a jump that is no rate.
      if (ended !== !this.#idle.has(labels)) this.#window = new RateWindow(WINDOW_MS);
      if (ended) {
        this.#idle.delete(labels);
        this.#cpus.delete(cpu);
      } else {
        this.#idle.set(labels, value);
        this.#cpus.add(cpu);
      }
    };
  }

  evaluate(timeMs: number): void {
    let idleSeconds = 0;
    for (const seconds of this.#idle.values()) idleSeconds += seconds;
    if (this.#cpus.size === 0) {
      this.#tracker.end(timeMs);
      return;
    }
    const rate = this.#window.add(timeMs, idleSeconds);
    if (rate === undefined) return;
    const busy = Math.min(1, Math.max(0, 1 - rate / this.#cpus.size));
    const { cpuBusyWarning } = this.#context.tuning;
    const verdict =
      busy >= cpuBusyWarning ? 'warning' : busy < cpuBusyWarning - HYSTERESIS ? 'clear' : 'between';
    this.#tracker.update({ timeMs, value: busy, verdict });
  }
}
