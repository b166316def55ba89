/**
 * The built-in conditions, judged on arrival of the samples they read, host by host; silence of a host is the one
 * thing that only a timer can notice.
 */
import type { ConditionId, LabelSet, MeasureUnit, SeriesRef } from '@nowcast/model';
import type { Alert } from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';
import type { SampleListener } from '../ingest/ingest.ts';
import type { HostInventory, HostRecord } from '../inventory/host-inventory.ts';
import type { SeriesRegistry } from '../live/series-registry.ts';
import type { AlertBoard } from './alert-board.ts';
import { AlertTracker } from './alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from './condition.ts';
import { clockCondition } from './conditions/clock.ts';
import { cpuCondition } from './conditions/cpu.ts';
import { diskCondition } from './conditions/disk.ts';
import { memoryCondition } from './conditions/memory.ts';
import { networkCondition } from './conditions/network.ts';
import { temperatureCondition } from './conditions/temperature.ts';
import type { HealthTuning } from './tuning.ts';

const CONDITIONS: readonly Condition[] = [
  cpuCondition,
  memoryCondition,
  diskCondition,
  networkCondition,
  clockCondition,
  temperatureCondition,
];

const SILENCE_CHECK_MS = 1_000;
/** A host is not called silent sooner, however fast it reports. */
const SILENCE_MIN_MS = 3_000;

export interface HealthEngineOptions {
  readonly clock: Clock;
  readonly registry: SeriesRegistry;
  readonly inventory: HostInventory;
  readonly board: AlertBoard;
  readonly tuning: HealthTuning;
}

interface ProbedSeries {
  readonly probe: Probe;
  readonly evaluator: ConditionEvaluator;
}

export class HealthEngine implements SampleListener {
  readonly #options: HealthEngineOptions;
  readonly #silenceTimer: Timer;
  readonly #conditionsOf = new Map<string, Condition>();
  readonly #evaluators = new Map<string, Map<Condition, ConditionEvaluator>>();
  readonly #silence = new Map<string, AlertTracker>();
  /** By ref; null: nobody reads it. */
  readonly #probed: (ProbedSeries | null | undefined)[] = [];
  #changed: Alert[] = [];

  constructor(options: HealthEngineOptions) {
    this.#options = options;
    for (const condition of CONDITIONS)
      for (const metric of condition.metrics) this.#conditionsOf.set(metric, condition);
    this.#silenceTimer = options.clock.every(SILENCE_CHECK_MS, () => this.#checkSilence());
  }

  samples(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void {
    const { registry } = this.#options;
    const touched = new Set<ConditionEvaluator>();
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as SeriesRef;
      const known = this.#probed[ref];
      if (known === null) continue;
      // What is older than the newest sample is history and changes nothing now.
      if (registry.timeMs(ref) !== timeMs) continue;
      const series = known ?? this.#assign(ref);
      if (series === null) continue;
      series.probe(timeMs, values[at] as number);
      touched.add(series.evaluator);
    }
    for (const evaluator of touched) evaluator.evaluate(timeMs);
    this.#post();
  }

  close(): void {
    this.#silenceTimer.cancel();
  }

  #assign(ref: SeriesRef): ProbedSeries | null {
    const labels = this.#options.registry.labels(ref);
    const condition = labels === undefined ? undefined : this.#conditionsOf.get(labels.metric);
    const series =
      labels === undefined || condition === undefined ? null : this.#probe(labels, condition);
    this.#probed[ref] = series;
    return series;
  }

  #probe(labels: LabelSet, condition: Condition): ProbedSeries | null {
    const instance = labels.get('instance');
    let evaluators = this.#evaluators.get(instance);
    if (evaluators === undefined) {
      evaluators = new Map();
      this.#evaluators.set(instance, evaluators);
    }
    let evaluator = evaluators.get(condition);
    if (evaluator === undefined) {
      evaluator = condition.create(this.#contextOf(instance));
      evaluators.set(condition, evaluator);
    }
    const probe = evaluator.probe(labels);
    return probe === undefined ? null : { probe, evaluator };
  }

  #contextOf(instance: string): ConditionContext {
    const { tuning } = this.#options;
    return {
      instance,
      tuning,
      track: (condition, unit, { labels, forMs }) =>
        this.#track(condition, unit, { labels: { ...labels, instance }, forMs }),
    };
  }

  #track(
    condition: ConditionId,
    unit: MeasureUnit,
    { labels, forMs }: { readonly labels: Record<string, string>; readonly forMs: number },
  ): AlertTracker {
    const { clearForMs } = this.#options.tuning;
    return new AlertTracker({ condition, labels, unit, forMs, clearForMs }, (alert) => {
      this.#changed.push(alert);
    });
  }

  #checkSilence(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const host of this.#options.inventory.list()) this.#judgeSilence(host, nowMs);
    this.#post();
  }

  #judgeSilence({ instance, intervalMs, heardMs }: HostRecord, nowMs: number): void {
    if (intervalMs === undefined) return;
    let tracker = this.#silence.get(instance);
    if (tracker === undefined) {
      tracker = new AlertTracker(
        {
          condition: 'host-silent',
          labels: { instance },
          unit: 'seconds',
          forMs: 0,
          clearForMs: 0,
        },
        (alert) => this.#changed.push(alert),
      );
      this.#silence.set(instance, tracker);
    }
    const silentMs = Math.max(0, nowMs - heardMs);
    const limitMs = Math.max(intervalMs * this.#options.tuning.silentIntervals, SILENCE_MIN_MS);
    const verdict = silentMs > limitMs ? 'critical' : 'clear';
    tracker.update({ timeMs: nowMs, value: Math.round(silentMs / 1_000), verdict });
  }

  #post(): void {
    if (this.#changed.length === 0) return;
    const changed = this.#changed;
    this.#changed = [];
    this.#options.board.post(changed);
  }
}
