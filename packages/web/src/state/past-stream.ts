import { LabelSet, METRIC_NAME, type LabelRecord } from '@nowcast/model';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { SampleColumn } from './sample-column.ts';
import type { Stream, StreamSeries } from './stream.ts';
import type { PastMetrics } from './topics.ts';

/** A series of a long range: one value per step, at the step's end. */
export interface PastSeries {
  readonly labels: LabelRecord;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

export type PastPhase = 'loading' | 'ready' | 'failed';

interface StepSeries extends StreamSeries {
  /** True while the last point stands for the step that is still open. */
  open: boolean;
}

const POINTS_MAX = 512;

/**
 * A topic over a long range, one point per step: what the store knows, continued with live samples. A counter's
 * point is its value at the step's end, so that rates are exact averages; any other point is the average of the
 * step. A step without samples has no point. The open step's point moves with the newest sample.
 */
export class PastStream {
  readonly stepMs: number;
  readonly #live: Stream;
  readonly #metrics: PastMetrics;
  readonly #phase: Signal<PastPhase> = signal<PastPhase>('loading');
  readonly #byKey = new Map<string, StepSeries>();
  readonly #byMetric = new Map<string, StepSeries[]>();
  #followedVersion = -1;
  #version = 0;
  #incomplete = false;

  constructor(live: Stream, metrics: PastMetrics, stepMs: number) {
    this.#live = live;
    this.#metrics = metrics;
    this.stepMs = stepMs;
  }

  get phase(): ReadonlySignal<PastPhase> {
    return this.#phase;
  }

  get version(): number {
    return this.#version;
  }

  /** True once for each time a step ended of which live samples know only a part: the store has to be asked. */
  takeIncomplete(): boolean {
    const was = this.#incomplete;
    this.#incomplete = false;
    return was;
  }

  metric(name: string): readonly StreamSeries[] {
    return this.#byMetric.get(name) ?? [];
  }

  /** Takes what the store knows; it replaces everything. */
  replace(all: readonly PastSeries[]): void {
    this.#byKey.clear();
    this.#byMetric.clear();
    for (const { labels, timesMs, values } of all) {
      const series = this.#series(LabelSet.from(labels));
      timesMs.forEach((timeMs, at) => series.samples.push(timeMs, values[at] as number));
    }
    this.#incomplete = false;
    this.#followedVersion = -1;
    this.#version++;
    this.#phase.value = 'ready';
  }

  fail(): void {
    if (this.#phase.peek() === 'loading') this.#phase.value = 'failed';
  }

  /** Takes over what live samples say about the newest steps. */
  follow(): void {
    if (this.#phase.peek() !== 'ready' || this.#followedVersion === this.#live.version) return;
    this.#followedVersion = this.#live.version;
    for (const name of this.#metrics.gauges) this.#followMetric(name, meanOf);
    for (const name of this.#metrics.counters) this.#followMetric(name, lastOf);
    this.#version++;
  }

  #followMetric(name: string, pointOf: (values: Float64Array) => number): void {
    for (const { labels, samples } of this.#live.metric(name)) {
      const series = this.#series(labels);
      const { stepMs } = this;
      if (series.open) series.samples.dropLast();
      series.open = false;
      const closedMs = series.samples.lastMs;
      const { timesMs, values } = samples.after(closedMs);
      for (let from = 0; from < timesMs.length;) {
        const endMs = Math.ceil((timesMs[from] as number) / stepMs) * stepMs;
        let to = from + 1;
        while (to < timesMs.length && (timesMs[to] as number) <= endMs) to++;
        series.open = endMs > this.#live.newestMs;
        // Live samples begin some minutes ago: of a longer step they do not know the whole.
        if (!series.open && endMs - stepMs < samples.firstMs) this.#incomplete = true;
        const timeMs = series.open ? (timesMs[to - 1] as number) : endMs;
        series.samples.push(timeMs, pointOf(values.subarray(from, to)));
        from = to;
      }
    }
  }

  #series(labels: LabelSet): StepSeries {
    const known = this.#byKey.get(labels.key);
    if (known !== undefined) return known;
    const series = { labels, samples: new SampleColumn(POINTS_MAX), open: false };
    this.#byKey.set(labels.key, series);
    const name = labels.get(METRIC_NAME);
    const siblings = this.#byMetric.get(name);
    if (siblings === undefined) this.#byMetric.set(name, [series]);
    else siblings.push(series);
    return series;
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function lastOf(values: Float64Array): number {
  return values[values.length - 1] as number;
}
