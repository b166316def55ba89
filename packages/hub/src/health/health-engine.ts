/**
 * The built-in conditions, judged on arrival of the samples they read, host by host. What stops arriving only a timer
 * can notice: a silent host is told and in the end forgotten with its alerts, and on a host that goes on reporting
 * a series that has ended takes its alert with it.
 */
import {
  isStaleMarker,
  STALE_NAN,
  type ConditionId,
  type LabelSet,
  type MeasureUnit,
  type SeriesRef,
} from '@nowcast/model';
import type { Alert } from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';
import type { SampleListener } from '../ingest/ingest.ts';
import type { HostInventory } from '../inventory/host-inventory.ts';
import type { SeriesRegistry } from '../live/series-registry.ts';
import type { AlertBoard } from './alert-board.ts';
import { AlertTracker } from './alert-tracker.ts';
import type { Condition, ConditionContext, ConditionEvaluator, Probe } from './condition.ts';
import { clockCondition } from './conditions/clock.ts';
import { cpuCondition } from './conditions/cpu.ts';
import { diskCondition } from './conditions/disk.ts';
import { memoryCondition, memoryStallCondition } from './conditions/memory.ts';
import { networkCondition } from './conditions/network.ts';
import { temperatureCondition } from './conditions/temperature.ts';
import { SILENCE_CHECK_MS, SilenceWatch } from './silence-watch.ts';
import type { HealthTuning } from './tuning.ts';

const CONDITIONS: readonly Condition[] = [
  cpuCondition,
  memoryCondition,
  memoryStallCondition,
  diskCondition,
  networkCondition,
  clockCondition,
  temperatureCondition,
];

const ENDED_CHECK_MS = 60_000;

export interface HealthEngineOptions {
  readonly clock: Clock;
  readonly registry: SeriesRegistry;
  readonly inventory: HostInventory;
  readonly board: AlertBoard;
  readonly tuning: HealthTuning;
  /** A series without a sample for this long has ended. */
  readonly lookbackMs: number;
}

interface ProbedSeries {
  readonly instance: string;
  readonly probe: Probe;
  readonly evaluator: ConditionEvaluator;
}

export class HealthEngine implements SampleListener {
  readonly #options: HealthEngineOptions;
  readonly #timers: readonly Timer[];
  readonly #silence: SilenceWatch;
  readonly #conditionsOf = new Map<string, Condition>();
  readonly #evaluators = new Map<string, Map<Condition, ConditionEvaluator>>();
  /** By ref; null: nobody reads it. */
  readonly #probed: (ProbedSeries | null | undefined)[] = [];
  #changed: Alert[] = [];

  constructor(options: HealthEngineOptions) {
    this.#options = options;
    for (const condition of CONDITIONS)
      for (const metric of condition.metrics) this.#conditionsOf.set(metric, condition);
    const { clock } = options;
    this.#silence = new SilenceWatch({ ...options, report: (alert) => this.#changed.push(alert) });
    this.#timers = [
      clock.every(SILENCE_CHECK_MS, () => this.#checkSilence()),
      clock.every(ENDED_CHECK_MS, () => this.#checkEnded()),
    ];
  }

  samples(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void {
    const { registry } = this.#options;
    const touched = new Set<ConditionEvaluator>();
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as SeriesRef;
      const known = this.#probed[ref];
      if (known === null) continue;
      // History changes nothing now: what is not the newest sample, or belongs to a series that is not live.
      if (registry.timeMs(ref) !== timeMs) continue;
      if (!registry.isLive(ref) && !isStaleMarker(values[at] as number)) continue;
      const series = known ?? this.#assign(ref);
      if (series === null) continue;
      series.probe(timeMs, values[at] as number);
      touched.add(series.evaluator);
    }
    for (const evaluator of touched) evaluator.evaluate(timeMs);
    this.#post();
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
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
    return probe === undefined ? null : { instance, probe, evaluator };
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
    for (const instance of this.#silence.check()) this.#forget(instance);
    this.#post();
  }

  /** Resolves what was wrong with a host that nobody expects any more. */
  #forget(instance: string): void {
    const { inventory, board, clock } = this.#options;
    inventory.forget(instance);
    this.#evaluators.delete(instance);
    for (const [ref, series] of this.#probed.entries())
      if (series?.instance === instance) this.#probed[ref] = undefined;
    const sinceMs = clock.nowMs();
    for (const alert of board.list())
      if (alert.labels['instance'] === instance)
        this.#changed.push({ ...alert, state: 'resolved', sinceMs });
  }

  /** Ends what was read from series that have ended without saying so, unless their whole host is silent. */
  #checkEnded(): void {
    const { clock, registry } = this.#options;
    const timeMs = clock.nowMs();
    const touched = new Set<ConditionEvaluator>();
    for (const [ref, series] of this.#probed.entries()) {
      if (!series || registry.isLive(ref) || this.#silence.isSilent(series.instance)) continue;
      this.#probed[ref] = undefined;
      series.probe(timeMs, STALE_NAN);
      touched.add(series.evaluator);
    }
    for (const evaluator of touched) evaluator.evaluate(timeMs);
    this.#post();
  }

  #post(): void {
    if (this.#changed.length === 0) return;
    const changed = this.#changed;
    this.#changed = [];
    this.#options.board.post(changed);
  }
}
