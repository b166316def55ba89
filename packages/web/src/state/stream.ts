import { isStaleMarker, LabelSet, METRIC_NAME, type LabelRecord } from '@nowcast/model';
import { signal, type ReadonlySignal } from '@preact/signals';
import type { StreamFailure, StreamSink } from './live-source.ts';
import { SampleColumn } from './sample-column.ts';

/** One series of a stream with its newest samples. */
export interface StreamSeries {
  readonly labels: LabelSet;
  readonly samples: SampleColumn;
}

export type StreamPhase = 'loading' | 'history' | 'live' | 'failed';

/**
 * What the page knows of one subscription: series by metric name, their newest samples, and how fresh they
 * are. It repeats what the source told and adds nothing. Readers are told of changes
 * through `onChange`, which the owner merges into one draw per frame.
 */
export class Stream implements StreamSink {
  readonly #capacity: number;
  readonly #onChange: () => void;
  readonly #byRef = new Map<number, StreamSeries>();
  readonly #byMetric = new Map<string, StreamSeries[]>();
  readonly #phase = signal<StreamPhase>('loading');
  readonly #failure = signal<StreamFailure | undefined>(undefined);
  #newestMs = -Infinity;
  /** Distances of the last three moments at which something was measured; 0 while not known. */
  #gapsMs: readonly [number, number] = [0, 0];
  #version = 0;

  constructor(capacity: number, onChange: () => void) {
    this.#capacity = capacity;
    this.#onChange = onChange;
  }

  get phase(): ReadonlySignal<StreamPhase> {
    return this.#phase;
  }

  get failure(): ReadonlySignal<StreamFailure | undefined> {
    return this.#failure;
  }

  /** Time of the newest sample, -Infinity before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /**
   * How far apart values come at present, the longer of the last two distances; 0 while that is not known.
   * An agent under load measures some things less often.
   */
  get intervalMs(): number {
    return Math.max(...this.#gapsMs);
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  get seriesCount(): number {
    return this.#byRef.size;
  }

  /** Series of a metric in the order of their labels. */
  metric(name: string): readonly StreamSeries[] {
    return this.#byMetric.get(name) ?? [];
  }

  /** Newest value of the first series of a metric that carries these labels; NaN where there is none. */
  latest(name: string, labels: LabelRecord = {}): number {
    const wanted = Object.entries(labels);
    for (const series of this.metric(name))
      if (wanted.every(([label, value]) => series.labels.get(label) === value))
        return series.samples.last;
    return NaN;
  }

  join(ref: number, labels: LabelRecord): void {
    this.leave(ref);
    const series = { labels: LabelSet.from(labels), samples: new SampleColumn(this.#capacity) };
    this.#byRef.set(ref, series);
    const name = labels[METRIC_NAME] ?? '';
    const siblings = this.#byMetric.get(name);
    if (siblings === undefined) this.#byMetric.set(name, [series]);
    else insertInOrder(siblings, series);
    this.#changed();
  }

  sample(ref: number, timeMs: number, value: number): void {
    // A staleness marker says that the series ended; it is not a value to draw.
    if (isStaleMarker(value)) return;
    this.#byRef.get(ref)?.samples.push(timeMs, value);
    if (timeMs > this.#newestMs) {
      if (this.#newestMs !== -Infinity) this.#gapsMs = [this.#gapsMs[1], timeMs - this.#newestMs];
      this.#newestMs = timeMs;
    }
    if (this.#phase.peek() === 'loading') this.#phase.value = 'history';
    this.#changed();
  }

  leave(ref: number): void {
    const series = this.#byRef.get(ref);
    if (series === undefined) return;
    this.#byRef.delete(ref);
    const siblings = this.#byMetric.get(series.labels.metric);
    siblings?.splice(siblings.indexOf(series), 1);
    this.#changed();
  }

  caughtUp(): void {
    this.#phase.value = 'live';
    this.#changed();
  }

  fail(failure: StreamFailure): void {
    this.#failure.value = failure;
    this.#phase.value = 'failed';
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    this.#onChange();
  }
}

const collator = new Intl.Collator('en', { numeric: true });

/** cpu "2" before cpu "10": label values are compared as people count. */
function insertInOrder(list: StreamSeries[], series: StreamSeries): void {
  let at = list.length;
  while (at > 0 && compareNaturally(series.labels, (list[at - 1] as StreamSeries).labels) < 0) at--;
  list.splice(at, 0, series);
}

function compareNaturally(a: LabelSet, b: LabelSet): number {
  const length = Math.min(a.pairs.length, b.pairs.length);
  for (let at = 0; at < length; at++) {
    const order = collator.compare(a.pairs[at] as string, b.pairs[at] as string);
    if (order !== 0) return order;
  }
  return a.pairs.length - b.pairs.length;
}
