/**
 * A label selector somebody watches, and the live series that meet it. It numbers series for its
 * subscriptions: a local ref belongs to one label set for as long as the selection is known, whatever leaves
 * and comes back meanwhile. It costs nothing per sample while none of its channels has a watcher.
 */
import type { LabelSet, Matcher, MetricMetadata, SeriesRef } from '@nowcast/model';
import { Channel } from './channel.ts';
import type { ChannelContract, LiveSource } from './live-source.ts';
import type { SelectionMember, SeriesRegistry } from './series-registry.ts';

const NOT_A_MEMBER = -1;

interface LocalSeries {
  readonly labels: LabelSet;
  readonly metadata: MetricMetadata | undefined;
  /** The store's ref while the series is live and the selection attached. */
  ref: SeriesRef;
}

export interface SelectionEvents {
  /** A channel has something to send, for the first time since its last flush. */
  dirty(channel: Channel): void;
  /** Somebody refers to the selection: equal queries are to be answered with it. */
  used(selection: Selection): void;
  /** Nobody refers to the selection any more. */
  unused(selection: Selection): void;
}

export class Selection implements LiveSource, SelectionMember {
  /** Canonical spelling. */
  readonly query: string;
  readonly matchers: readonly Matcher[];
  readonly stepMs: undefined;
  readonly evaluationIntervalMs: undefined;
  readonly ready: undefined;
  readonly #registry: SeriesRegistry;
  readonly #events: SelectionEvents;
  readonly #series: LocalSeries[] = [];
  readonly #localRefs = new Map<string, number>();
  readonly #channels = new Map<string, Channel>();
  #users = 0;
  #watchers = 0;

  constructor(
    query: string,
    matchers: readonly Matcher[],
    registry: SeriesRegistry,
    events: SelectionEvents,
  ) {
    this.query = query;
    this.matchers = matchers;
    this.#registry = registry;
    this.#events = events;
  }

  /** How many local refs have been given. */
  get size(): number {
    return this.#series.length;
  }

  /** Keeps the numbering alive until `release`. */
  retain(): void {
    if (this.#users++ === 0) this.#events.used(this);
  }

  release(): void {
    if (--this.#users === 0) this.#events.unused(this);
  }

  /** The shared channel of a contract; it lasts while it has watchers. */
  channel(contract: ChannelContract): Channel {
    const key = `${contract.minIntervalMs} ${contract.digits ?? ''} ${contract.deadband ?? ''}`;
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      this.watch();
      channel = new Channel(this, contract, {
        dirty: (one) => this.#events.dirty(one),
        abandoned: () => {
          this.#channels.delete(key);
          this.unwatch();
        },
      });
      this.#channels.set(key, channel);
    }
    return channel;
  }

  /** Keeps `members` up to date until `unwatch`. */
  watch(): void {
    if (this.#watchers++ === 0) this.#registry.attach(this);
  }

  unwatch(): void {
    if (--this.#watchers > 0) return;
    this.#registry.detach(this, this.#memberRefs());
    for (const series of this.#series) series.ref = NOT_A_MEMBER;
  }

  /** Local refs of the live series, while watched. */
  *members(): Iterable<number> {
    for (const [localRef, { ref }] of this.#series.entries())
      if (ref !== NOT_A_MEMBER) yield localRef;
  }

  isMember(localRef: number): boolean {
    return this.#series[localRef]?.ref !== NOT_A_MEMBER;
  }

  labelsOf(localRef: number): LabelSet {
    return (this.#series[localRef] as LocalSeries).labels;
  }

  metadataOf(localRef: number): MetricMetadata | undefined {
    return (this.#series[localRef] as LocalSeries).metadata;
  }

  /** Newest sample of a member. */
  timeMs(localRef: number): number {
    return this.#registry.timeMs((this.#series[localRef] as LocalSeries).ref);
  }

  value(localRef: number): number {
    return this.#registry.value((this.#series[localRef] as LocalSeries).ref);
  }

  isCorrected(localRef: number): boolean {
    return this.#registry.isCorrected((this.#series[localRef] as LocalSeries).ref);
  }

  /** The number of a label set in this selection, also of one that is not live. */
  localRefOfLabels(labels: LabelSet, metadata?: MetricMetadata): number {
    let localRef = this.#localRefs.get(labels.key);
    if (localRef === undefined) {
      localRef = this.#series.length;
      this.#series.push({ labels, metadata, ref: NOT_A_MEMBER });
      this.#localRefs.set(labels.key, localRef);
    }
    return localRef;
  }

  localRefOf(ref: SeriesRef): number {
    const labels = this.#registry.labels(ref) as LabelSet;
    return this.localRefOfLabels(labels, this.#registry.metadata(ref));
  }

  joined(ref: SeriesRef): void {
    const localRef = this.localRefOf(ref);
    (this.#series[localRef] as LocalSeries).ref = ref;
    const timeMs = this.#registry.timeMs(ref);
    const value = this.#registry.value(ref);
    for (const channel of this.#channels.values()) channel.join(localRef, timeMs, value);
  }

  marked(localRef: number, timeMs: number, value: number): void {
    for (const channel of this.#channels.values()) channel.mark(localRef, timeMs, value);
  }

  left(localRef: number): void {
    (this.#series[localRef] as LocalSeries).ref = NOT_A_MEMBER;
    for (const channel of this.#channels.values()) channel.leave(localRef);
  }

  *#memberRefs(): Iterable<SeriesRef> {
    for (const { ref } of this.#series) if (ref !== NOT_A_MEMBER) yield ref;
  }
}
