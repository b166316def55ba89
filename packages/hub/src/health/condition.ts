import type { ConditionId, LabelSet, MeasureUnit } from '@nowcast/model';
import type { AlertTracker } from './alert-tracker.ts';
import type { HealthTuning } from './tuning.ts';

/** What a condition needs of the engine, for one host. */
export interface ConditionContext {
  readonly instance: string;
  readonly tuning: HealthTuning;
  /** `labels` without the instance, which is added. */
  track(
    condition: ConditionId,
    unit: MeasureUnit,
    options: { readonly labels?: Readonly<Record<string, string>>; readonly forMs: number },
  ): AlertTracker;
}

/** Takes a sample of one series; the staleness marker says that the series has ended. */
export type Probe = (timeMs: number, value: number) => void;

/** Judges one host. Samples of one moment come first, through probes, then `evaluate` once. */
export interface ConditionEvaluator {
  /** How to take the samples of a series; undefined when it is none of its business. */
  probe(labels: LabelSet): Probe | undefined;
  evaluate(timeMs: number): void;
}

export interface Condition {
  /** Names of the metrics it reads. */
  readonly metrics: readonly string[];
  readonly create: (context: ConditionContext) => ConditionEvaluator;
}
