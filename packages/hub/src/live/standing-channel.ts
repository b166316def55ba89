/**
 * A standing query under one contract, shared by all who watch it so. What has been told is a version of the query's
 * results: a flush tells the points that are newer, encoded once. `#known`, `#toldMs` and `#toldValues` are what
 * a watcher that got every flush knows of each series; whoever comes late, or back, is brought to exactly that state.
 */
import { STALE_NAN } from '@nowcast/model';
import type { ResultRing, ResultRow } from '@nowcast/promql';
import type { ChannelContract, Flushable, LiveChannel, PastReader } from './live-source.ts';
import type { Position, Watcher } from './live-source.ts';
import { isUnchanged, preciseValue } from './precision.ts';
import type { StandingFeed } from './standing-feed.ts';
import { standingPast } from './standing-history.ts';
import { defineSeries, encodeUpdateBody, type GroupDraft } from './update-text.ts';
import type { UpdateBody, UpdateParts } from './update-text.ts';
import { WatcherSet } from './watcher-set.ts';

const NEVER = 0;
const HERE = 1;
const GONE = 2;

/** What a watcher knows of a standing query. */
export class StandingPosition {
  readonly version: number;
  /** By ref, as the channel keeps it. */
  readonly known: Uint8Array;

  constructor(version: number, known: Uint8Array) {
    this.version = version;
    this.known = known;
  }
}

const NOTHING_KNOWN = new StandingPosition(0, new Uint8Array(0));

export interface StandingChannelEvents {
  /** The last watcher is gone. */
  abandoned(): void;
}

export class StandingChannel implements LiveChannel, Flushable {
  readonly contract: ChannelContract;
  readonly #feed: StandingFeed;
  readonly #watchers: WatcherSet;
  /** The version all watchers have been brought to; undefined before the first flush. */
  #told: number | undefined;
  #known: Uint8Array = new Uint8Array(0);
  /** By ref: step and value of the point told last; NaN where what was told last is not the newest point. */
  #toldMs: Float64Array = new Float64Array(0);
  #toldValues: Float64Array = new Float64Array(0);
  flushedMs: number = -Infinity;
  dirtySinceMs: number = 0;

  constructor(feed: StandingFeed, contract: ChannelContract, events: StandingChannelEvents) {
    this.#feed = feed;
    this.contract = contract;
    this.#watchers = new WatcherSet(() => events.abandoned());
  }

  get watchers(): Iterable<Watcher> {
    return this.#watchers;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  delete(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  position(): StandingPosition {
    return new StandingPosition(this.#told ?? 0, this.#known.slice());
  }

  flush(): number {
    this.#watchers.parkCongested(() => this.position());
    if (this.#watchers.abandoned) return 0;
    const body = this.#take();
    return body === undefined ? 0 : this.#watchers.deliver(body);
  }

  refill(since?: Position): UpdateBody | undefined {
    if (this.#feed.ready !== undefined) return undefined;
    this.#settle();
    return since instanceof StandingPosition
      ? encodeUpdateBody(this.#difference(since, this.#results.rows))
      : this.#snapshot();
  }

  past(reader: PastReader, historyMs: number): Promise<Iterable<UpdateBody>> {
    this.#settle();
    const { rows } = this.#results;
    const recent = this.#difference(NOTHING_KNOWN, rows);
    const untilMs = rows[0]?.timeMs ?? reader.clock.nowMs();
    return standingPast({ feed: this.#feed, channel: this, recent, untilMs, reader, historyMs });
  }

  /** The value as the contract wants it. */
  precise(value: number): number {
    return preciseValue(value, this.contract);
  }

  get #results(): ResultRing {
    return this.#feed.results;
  }

  /** Tells now what is due anyway: whoever joins is to begin where all others stand. */
  #settle(): void {
    const body = this.#take();
    if (body !== undefined) this.#watchers.deliver(body);
  }

  #snapshot(): UpdateBody {
    const { newest } = this.#results;
    return encodeUpdateBody(this.#difference(NOTHING_KNOWN, newest === undefined ? [] : [newest]));
  }

  /** What there is to tell since the last flush, which is told with it. */
  #take(): UpdateBody | undefined {
    const results = this.#results;
    if (this.#told === results.version || this.#feed.ready !== undefined) return undefined;
    this.#grow(results.size);
    const isFirst = this.#told === undefined;
    const told = this.#told ?? 0;
    const { newest } = results;
    const rows = isFirst ? (newest === undefined ? [] : [newest]) : results.rows;
    const touched = new Set<number>();
    const groups: GroupDraft[] = [];
    for (const row of rows) {
      if (row.version <= told) continue;
      const group: GroupDraft = { timeMs: row.timeMs, refs: [], values: [], same: [] };
      for (let ref = 0; ref < row.versions.length; ref++) {
        if ((row.versions[ref] as number) <= told) continue;
        if (this.#place(group, row, ref)) touched.add(ref);
      }
      if (group.refs.length + group.same.length > 0) groups.push(group);
    }
    const add = [...touched].filter((ref) => this.#known[ref] !== HERE);
    for (const ref of add) this.#known[ref] = HERE;
    const remove = this.#takeGone(newest);
    this.#told = results.version;
    if (!isFirst && add.length + groups.length + remove.length === 0) return undefined;
    return encodeUpdateBody({ add: add.map((ref) => this.#define(ref)), groups, remove });
  }

  /** Puts a point that has changed into its group; false when that need not be told. */
  #place(group: GroupDraft, { present, values }: ResultRow, ref: number): boolean {
    const toldMs = this.#toldMs[ref] as number;
    if (present[ref] !== 1) {
      if (this.#known[ref] === NEVER) return false;
      group.refs.push(ref);
      group.values.push(STALE_NAN);
      this.#toldMs[ref] = NaN;
      return true;
    }
    const value = this.precise(values[ref] as number);
    const isKnown = this.#known[ref] === HERE && toldMs <= group.timeMs;
    if (isKnown && isUnchanged(this.#toldValues[ref] as number, value, this.contract)) {
      if (toldMs === group.timeMs) return false;
      group.same.push(ref);
    } else {
      group.refs.push(ref);
      group.values.push(value);
      this.#toldValues[ref] = value;
    }
    // After the correction of an earlier step `same` would mean that one's value.
    this.#toldMs[ref] = toldMs > group.timeMs ? NaN : group.timeMs;
    return true;
  }

  #takeGone(newest: ResultRow | undefined): number[] {
    const gone: number[] = [];
    for (let ref = 0; ref < this.#known.length; ref++) {
      if (this.#known[ref] !== HERE || newest?.present[ref] === 1) continue;
      this.#known[ref] = GONE;
      this.#toldMs[ref] = NaN;
      gone.push(ref);
    }
    return gone;
  }

  /** The points of `rows` that are newer than `since`, and who joined and left. */
  #difference(since: StandingPosition, rows: readonly ResultRow[]): UpdateParts {
    const { newest } = this.#results;
    const add = new Set<number>();
    const groups: GroupDraft[] = [];
    for (const row of rows) {
      if (row.version <= since.version) continue;
      const group: GroupDraft = { timeMs: row.timeMs, refs: [], values: [], same: [] };
      for (let ref = 0; ref < row.versions.length; ref++) {
        if ((row.versions[ref] as number) <= since.version) continue;
        const known = since.known[ref] ?? NEVER;
        if (row.present[ref] !== 1 && known === NEVER) continue;
        if (known !== HERE) add.add(ref);
        group.refs.push(ref);
        group.values.push(this.#toldValue(row, ref));
      }
      if (group.refs.length > 0) groups.push(group);
    }
    const known = [...add];
    for (const [ref, state] of since.known.entries()) if (state === HERE) known.push(ref);
    const remove = known.filter((ref) => newest?.present[ref] !== 1);
    return { add: [...add].map((ref) => this.#define(ref)), groups, remove };
  }

  /** The point as those who got every flush know it. */
  #toldValue({ timeMs, present, values }: ResultRow, ref: number): number {
    if (present[ref] !== 1) return STALE_NAN;
    if (this.#toldMs[ref] === timeMs) return this.#toldValues[ref] as number;
    return this.precise(values[ref] as number);
  }

  #define(ref: number): UpdateParts['add'][number] {
    return defineSeries(ref, this.#results.labelsOf(ref), undefined);
  }

  #grow(size: number): void {
    if (size <= this.#known.length) return;
    const known = new Uint8Array(size);
    known.set(this.#known);
    const toldMs = new Float64Array(size).fill(NaN);
    toldMs.set(this.#toldMs);
    const toldValues = new Float64Array(size);
    toldValues.set(this.#toldValues);
    this.#known = known;
    this.#toldMs = toldMs;
    this.#toldValues = toldValues;
  }
}
