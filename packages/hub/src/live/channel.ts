/**
 * One selection under one contract, shared by all who watch it so. It collects samples until it is flushed,
 * encodes them once and hands the same bytes to every watcher. `#sentTimesMs` and `#sentValues` are what
 * a watcher that got every flush knows; whoever comes late, or back, is brought to exactly that state.
 */
import { sameBits } from '@nowcast/model';
import { historyUpdates } from './history.ts';
import type {
  ChannelContract,
  Flushable,
  LiveChannel,
  PastReader,
  Position,
  Watcher,
} from './live-source.ts';
import { isUnchanged, preciseValue } from './precision.ts';
import type { Selection } from './selection.ts';
import {
  defineSeries,
  encodeUpdateBody,
  type GroupDraft,
  type UpdateBody,
  type UpdateParts,
} from './update-text.ts';
import { WatcherSet } from './watcher-set.ts';

export interface ChannelEvents {
  dirty(channel: Channel): void;
  /** The last watcher is gone. */
  abandoned(): void;
}

export class Channel implements LiveChannel, Flushable {
  readonly contract: ChannelContract;
  readonly #selection: Selection;
  readonly #events: ChannelEvents;
  readonly #watchers: WatcherSet;
  readonly #joining = new Set<number>();
  readonly #leaving = new Set<number>();
  #sentTimesMs: Float64Array = new Float64Array(16).fill(NaN);
  #sentValues: Float64Array = new Float64Array(16);
  #joinedMs: Float64Array = new Float64Array(16);
  #pendingRefs: number[] = [];
  #pendingTimesMs: number[] = [];
  #pendingValues: number[] = [];
  /** Where a series stands in the pending columns, when samples are merged. */
  readonly #pendingAt = new Map<number, number>();
  #snapshot: UpdateBody | undefined;
  #dirty = false;
  /** For the flusher: when it was flushed last, on the monotonic clock. */
  flushedMs: number = -Infinity;
  /** For the flusher: arrival of the oldest thing not yet sent, on the monotonic clock. */
  dirtySinceMs: number = 0;

  constructor(selection: Selection, contract: ChannelContract, events: ChannelEvents) {
    this.#selection = selection;
    this.contract = contract;
    this.#events = events;
    this.#watchers = new WatcherSet(() => events.abandoned());
    this.#reserve(selection.size);
    for (const localRef of selection.members()) {
      this.#sentTimesMs[localRef] = selection.timeMs(localRef);
      this.#sentValues[localRef] = this.precise(selection.value(localRef));
    }
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  delete(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  join(localRef: number, timeMs: number, value: number): void {
    this.#reserve(localRef + 1);
    // One that left and came back within a flush never was away.
    if (!this.#leaving.delete(localRef)) {
      this.#joining.add(localRef);
      this.#joinedMs[localRef] = timeMs;
    }
    this.mark(localRef, timeMs, value);
  }

  leave(localRef: number): void {
    this.#leaving.add(localRef);
    this.#markDirty();
  }

  mark(localRef: number, timeMs: number, value: number): void {
    if (this.contract.minIntervalMs > 0) {
      const at = this.#pendingAt.get(localRef);
      if (at !== undefined) {
        this.#pendingTimesMs[at] = timeMs;
        this.#pendingValues[at] = value;
        return;
      }
      this.#pendingAt.set(localRef, this.#pendingRefs.length);
    }
    this.#pendingRefs.push(localRef);
    this.#pendingTimesMs.push(timeMs);
    this.#pendingValues.push(value);
    this.#markDirty();
  }

  /** Sends what has been collected. Returns how many watchers were handed it. */
  flush(): number {
    this.#dirty = false;
    this.#watchers.parkCongested(() => this.position());
    if (this.#watchers.abandoned) return 0;
    const body = encodeUpdateBody(this.#take());
    this.#snapshot = undefined;
    return this.#watchers.deliver(body);
  }

  /** What a watcher that is added now knows. */
  position(): Float64Array {
    return this.#sentTimesMs.slice();
  }

  /** Time of the sample with which a series came to life while the channel was open. */
  joinedMs(localRef: number): number {
    return this.#joinedMs[localRef] as number;
  }

  /** Everything that brings a watcher from `since` (nothing, without it) to the channel's state. */
  refill(since?: Position): UpdateBody {
    if (since instanceof Float64Array) return encodeUpdateBody(this.#difference(since));
    this.#snapshot ??= encodeUpdateBody(this.#difference(new Float64Array(0)));
    return this.#snapshot;
  }

  async past(reader: PastReader, historyMs: number): Promise<Iterable<UpdateBody>> {
    const start = { channel: this, cut: this.position(), cutValues: this.#sentValues.slice() };
    const selection = this.#selection;
    const nowMs = reader.clock.nowMs();
    const { series } = await reader.queryable.select({
      matchers: selection.matchers,
      startMs: nowMs - historyMs,
      endMs: nowMs + reader.futureMs,
      samplesMax: reader.samplesMax,
    });
    return historyUpdates({ ...start, selection, series });
  }

  /** The value as the contract wants it. */
  precise(value: number): number {
    return preciseValue(value, this.contract);
  }

  #take(): UpdateParts {
    const add = [...this.#joining].map((localRef) => this.#define(localRef));
    for (const localRef of this.#joining) this.#sentTimesMs[localRef] = NaN;
    const groups = this.#takeGroups();
    const remove = [...this.#leaving];
    for (const localRef of remove) this.#sentTimesMs[localRef] = NaN;
    this.#joining.clear();
    this.#leaving.clear();
    return { add, groups, remove };
  }

  #takeGroups(): GroupDraft[] {
    const groups = new Map<number, GroupDraft>();
    let group: GroupDraft | undefined;
    for (const [at, localRef] of this.#pendingRefs.entries()) {
      const timeMs = this.#pendingTimesMs[at] as number;
      if (group?.timeMs !== timeMs) {
        group = groups.get(timeMs) ?? { timeMs, refs: [], values: [], same: [] };
        groups.set(timeMs, group);
      }
      this.#place(group, localRef, this.#pendingValues[at] as number);
    }
    this.#pendingRefs = [];
    this.#pendingTimesMs = [];
    this.#pendingValues = [];
    this.#pendingAt.clear();
    return [...groups.values()]
      .filter(({ refs, same }) => refs.length + same.length > 0)
      .sort((a, b) => a.timeMs - b.timeMs);
  }

  #place(group: GroupDraft, localRef: number, value: number): void {
    const known = !Number.isNaN(this.#sentTimesMs[localRef]);
    const precise = this.precise(value);
    if (this.#sentTimesMs[localRef] === group.timeMs) {
      this.#correct(group, localRef, precise);
      return;
    }
    this.#sentTimesMs[localRef] = group.timeMs;
    if (known && isUnchanged(this.#sentValues[localRef] as number, precise, this.contract)) {
      group.same.push(localRef);
      return;
    }
    this.#sentValues[localRef] = precise;
    group.refs.push(localRef);
    group.values.push(precise);
  }

  /** Another value for a sample that was told, in this flush or before: the last one written wins. */
  #correct({ refs, values, same }: GroupDraft, localRef: number, value: number): void {
    if (sameBits(this.#sentValues[localRef] as number, value)) return;
    this.#sentValues[localRef] = value;
    const sameAt = same.indexOf(localRef);
    if (sameAt >= 0) same.splice(sameAt, 1);
    const at = refs.indexOf(localRef);
    if (at < 0) refs.push(localRef);
    values[at < 0 ? values.length : at] = value;
  }

  #difference(since: Float64Array): UpdateParts {
    const add: UpdateParts['add'][number][] = [];
    const remove: number[] = [];
    const groups = new Map<number, GroupDraft>();
    for (let localRef = 0; localRef < this.#sentTimesMs.length; localRef++) {
      const timeMs = this.#sentTimesMs[localRef] as number;
      const knownMs = since[localRef] ?? NaN;
      if (Number.isNaN(timeMs)) {
        if (!Number.isNaN(knownMs)) remove.push(localRef);
        continue;
      }
      if (Number.isNaN(knownMs)) add.push(this.#define(localRef));
      if (timeMs <= knownMs && !this.#isCorrectionFor(localRef, knownMs)) continue;
      const group = groups.get(timeMs) ?? { timeMs, refs: [], values: [], same: [] };
      groups.set(timeMs, group);
      group.refs.push(localRef);
      group.values.push(this.#sentValues[localRef] as number);
    }
    return { add, groups: [...groups.values()].sort((a, b) => a.timeMs - b.timeMs), remove };
  }

  #isCorrectionFor(localRef: number, knownMs: number): boolean {
    return this.#sentTimesMs[localRef] === knownMs && this.#selection.isCorrected(localRef);
  }

  #define(localRef: number): UpdateParts['add'][number] {
    const labels = this.#selection.labelsOf(localRef);
    return defineSeries(localRef, labels, this.#selection.metadataOf(localRef));
  }

  #markDirty(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#events.dirty(this);
  }

  #reserve(size: number): void {
    if (size <= this.#sentTimesMs.length) return;
    const capacity = Math.max(size, this.#sentTimesMs.length * 2);
    const timesMs = new Float64Array(capacity).fill(NaN);
    timesMs.set(this.#sentTimesMs);
    const values = new Float64Array(capacity);
    values.set(this.#sentValues);
    const joinedMs = new Float64Array(capacity);
    joinedMs.set(this.#joinedMs);
    this.#sentTimesMs = timesMs;
    this.#sentValues = values;
    this.#joinedMs = joinedMs;
  }
}
