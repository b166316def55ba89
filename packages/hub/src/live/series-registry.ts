/**
 * Every series the hub has heard of since it started, with its newest sample: the last-value cache. Refs are
 * the store's: dense, so columns are typed arrays. A series is live from a sample on until its staleness marker or
 * until it had no sample for the lookback; live series are members of the selections whose matchers they
 * meet, and of no others.
 */
import {
  isStaleMarker,
  matchesAll,
  METRIC_NAME,
  sameBits,
  type LabelSet,
  type Matcher,
  type MetricMetadata,
  type SeriesRef,
} from '@nowcast/model';
import type { Clock } from '@nowcast/std';

/** Hears of the live series that meet its matchers. */
export interface SelectionMember {
  readonly matchers: readonly Matcher[];
  joined(ref: SeriesRef): void;
  /** `localRef` is what `joined` series were given by `localRefOf`. */
  marked(localRef: number, timeMs: number, value: number): void;
  left(localRef: number): void;
  localRefOf(ref: SeriesRef): number;
}

interface Membership {
  readonly selection: SelectionMember;
  readonly localRef: number;
}

const NO_MEMBERSHIPS: readonly Membership[] = [];

export class SeriesRegistry {
  readonly #clock: Clock;
  readonly #lookbackMs: number;
  readonly #labels: (LabelSet | undefined)[] = [];
  readonly #metadata: (MetricMetadata | undefined)[] = [];
  readonly #memberships: (readonly Membership[])[] = [];
  readonly #byMetric = new Map<string, Set<SeriesRef>>();
  readonly #selectionsByMetric = new Map<string, Set<SelectionMember>>();
  readonly #selectionsOfAny = new Set<SelectionMember>();
  #timesMs: Float64Array = new Float64Array(1_024).fill(NaN);
  #values: Float64Array = new Float64Array(1_024);
  #live: Uint8Array = new Uint8Array(1_024);
  /** Series whose newest sample was given another value after it had been told. */
  readonly #corrected = new Set<SeriesRef>();
  #liveCount = 0;

  constructor(clock: Clock, lookbackMs: number) {
    this.#clock = clock;
    this.#lookbackMs = lookbackMs;
  }

  get liveCount(): number {
    return this.#liveCount;
  }

  /** Makes a series known; a ref keeps its labels for ever. */
  register(ref: SeriesRef, labels: LabelSet, metadata?: MetricMetadata): void {
    if (metadata !== undefined) this.#metadata[ref] = metadata;
    if (this.#labels[ref] !== undefined) return;
    this.#grow(ref);
    this.#labels[ref] = labels;
    this.#memberships[ref] = NO_MEMBERSHIPS;
    setOf(this.#byMetric, labels.metric).add(ref);
  }

  labels(ref: SeriesRef): LabelSet | undefined {
    return this.#labels[ref];
  }

  metadata(ref: SeriesRef): MetricMetadata | undefined {
    return this.#metadata[ref];
  }

  isLive(ref: SeriesRef): boolean {
    return this.#live[ref] === 1;
  }

  /** Time of the newest sample, NaN before the first. */
  timeMs(ref: SeriesRef): number {
    return this.#timesMs[ref] ?? NaN;
  }

  value(ref: SeriesRef): number {
    return this.#values[ref] ?? NaN;
  }

  /** Its newest sample has another value than it came with: who knows the time may not know the value. */
  isCorrected(ref: SeriesRef): boolean {
    return this.#corrected.has(ref);
  }

  /** Live series of a metric. */
  *liveOf(metric: string): Iterable<SeriesRef> {
    for (const ref of this.#byMetric.get(metric) ?? []) if (this.isLive(ref)) yield ref;
  }

  /**
   * Takes samples that share a time. One that is older than its series' newest is history: it went to the
   * store and is not shown live, for live times never fall. One of the same time with another value corrects it.
   */
  observe(timeMs: number, refs: ArrayLike<SeriesRef>, values: Float64Array): void {
    const oldestLiveMs = this.#clock.nowMs() - this.#lookbackMs;
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as SeriesRef;
      const newestMs = this.#timesMs[ref] as number;
      if (timeMs < newestMs) continue;
      const value = values[at] as number;
      if (timeMs === newestMs) {
        if (this.#live[ref] === 1 && sameBits(value, this.#values[ref] as number)) continue;
        this.#corrected.add(ref);
      } else if (this.#corrected.size > 0) this.#corrected.delete(ref);
      this.#timesMs[ref] = timeMs;
      if (isStaleMarker(value)) {
        if (this.#live[ref] === 1) this.#leave(ref);
        continue;
      }
      this.#values[ref] = value;
      if (this.#live[ref] !== 1) {
        if (timeMs >= oldestLiveMs) this.#join(ref);
        continue;
      }
      for (const { selection, localRef } of this.#memberships[ref] as readonly Membership[])
        selection.marked(localRef, timeMs, value);
    }
  }

  /** Ends series without a sample within the lookback. */
  sweep(): void {
    const oldestMs = this.#clock.nowMs() - this.#lookbackMs;
    for (let ref = 0; ref < this.#labels.length; ref++)
      if (this.#live[ref] === 1 && (this.#timesMs[ref] as number) < oldestMs) this.#leave(ref);
  }

  /** Drops every series that is not live and that the store has given up. */
  forgetWhere(isGone: (ref: SeriesRef) => boolean): void {
    for (let ref = 0; ref < this.#labels.length; ref++)
      if (this.#labels[ref] !== undefined && this.#live[ref] !== 1 && isGone(ref)) this.forget(ref);
  }

  /** Drops a series the store has given up. */
  forget(ref: SeriesRef): void {
    const labels = this.#labels[ref];
    if (labels === undefined) return;
    if (this.#live[ref] === 1) this.#leave(ref);
    this.#labels[ref] = undefined;
    this.#metadata[ref] = undefined;
    this.#corrected.delete(ref);
    this.#byMetric.get(labels.metric)?.delete(ref);
  }

  /** Tells the selection of all live series that match, and from now on of changes. */
  attach(selection: SelectionMember): void {
    const metric = metricOf(selection.matchers);
    if (metric === undefined) this.#selectionsOfAny.add(selection);
    else setOf(this.#selectionsByMetric, metric).add(selection);
    const candidates = metric === undefined ? this.#labels.keys() : this.#byMetric.get(metric);
    for (const ref of candidates ?? [])
      if (this.#live[ref] === 1) this.#offer(ref, this.#labels[ref] as LabelSet, selection);
  }

  detach(selection: SelectionMember, refs: Iterable<SeriesRef>): void {
    const metric = metricOf(selection.matchers);
    if (metric === undefined) this.#selectionsOfAny.delete(selection);
    else this.#selectionsByMetric.get(metric)?.delete(selection);
    for (const ref of refs)
      this.#memberships[ref] = (this.#memberships[ref] as readonly Membership[]).filter(
        (membership) => membership.selection !== selection,
      );
  }

  #join(ref: SeriesRef): void {
    this.#live[ref] = 1;
    this.#liveCount++;
    const labels = this.#labels[ref] as LabelSet;
    for (const selection of this.#selectionsByMetric.get(labels.metric) ?? [])
      this.#offer(ref, labels, selection);
    for (const selection of this.#selectionsOfAny) this.#offer(ref, labels, selection);
  }

  #offer(ref: SeriesRef, labels: LabelSet, selection: SelectionMember): void {
    if (!matchesAll(selection.matchers, labels)) return;
    const localRef = selection.localRefOf(ref);
    const others = this.#memberships[ref] as readonly Membership[];
    this.#memberships[ref] = [...others, { selection, localRef }];
    selection.joined(ref);
  }

  #leave(ref: SeriesRef): void {
    this.#live[ref] = 0;
    this.#liveCount--;
    const memberships = this.#memberships[ref] as readonly Membership[];
    this.#memberships[ref] = NO_MEMBERSHIPS;
    for (const { selection, localRef } of memberships) selection.left(localRef);
  }

  #grow(ref: SeriesRef): void {
    if (ref < this.#timesMs.length) return;
    const size = Math.max(ref + 1, this.#timesMs.length * 2);
    const timesMs = new Float64Array(size).fill(NaN);
    timesMs.set(this.#timesMs);
    const values = new Float64Array(size);
    values.set(this.#values);
    const live = new Uint8Array(size);
    live.set(this.#live);
    this.#timesMs = timesMs;
    this.#values = values;
    this.#live = live;
  }
}

/** The metric a selection is bound to, where its matchers name one. */
function metricOf(matchers: readonly Matcher[]): string | undefined {
  return matchers.find(({ name, op }) => name === METRIC_NAME && op === '=')?.value;
}

function setOf<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
