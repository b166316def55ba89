/**
 * What the plain stream says, made once a tick for all who read the same: the overview of all hosts, or the values
 * of a selector. A reader gets everything first and changes after that; one that missed a message gets everything
 * again, with what ended meanwhile.
 */
import { sameBits } from '@nowcast/model';
import {
  toWireValue,
  type PlainOverview,
  type PlainValues,
  type WireValue,
} from '@nowcast/protocol';
import type { Clock, Timer } from '@nowcast/std';
import type { LiveLayer } from '../live/live-layer.ts';
import type { Selection } from '../live/selection.ts';

export interface PlainFeedServices {
  readonly clock: Clock;
  readonly live: LiveLayer;
  readonly intervalMs: number;
  readonly overview: (nowMs: number) => Pick<PlainOverview, 'hosts' | 'health'>;
}

export interface PlainReader {
  /** It could not take a message: the next one must tell everything. */
  readonly missed: boolean;
  /** `text` is a message as JSON; undefined: nothing has changed. */
  read(text: string | undefined): void;
}

interface Feed {
  /** Each with the tick whose message it missed first, or undefined. */
  readonly readers: Map<PlainReader, number | undefined>;
  /** Everything, for a reader that begins. */
  first(): string;
  /** Everything, for a reader that has missed what was told from `tick` on. */
  again(tick: number): string;
  /** What changed since the tick before. */
  next(tick: number): string | undefined;
  /** No reader has missed anything. */
  caughtUp(): void;
  close(): void;
}

export class PlainFeeds {
  readonly #services: PlainFeedServices;
  readonly #feeds = new Map<string, Feed>();
  #timer: Timer | undefined;
  #ticks = 0;

  constructor(services: PlainFeedServices) {
    this.#services = services;
  }

  /** Begins to feed `reader`; the returned function ends it. */
  follow(reader: PlainReader, selection: Selection | undefined): () => void {
    const key = selection?.query ?? '';
    let feed = this.#feeds.get(key);
    if (feed === undefined) {
      feed = selection === undefined ? this.#overviewFeed() : this.#valuesFeed(selection);
      this.#feeds.set(key, feed);
    }
    const { readers } = feed;
    this.#timer ??= this.#services.clock.every(this.#services.intervalMs, () => this.#tick());
    reader.read(feed.first());
    readers.set(reader, reader.missed ? this.#ticks : undefined);
    return () => {
      readers.delete(reader);
      if (readers.size > 0 || !this.#feeds.has(key)) return;
      this.#feeds.get(key)?.close();
      this.#feeds.delete(key);
      if (this.#feeds.size === 0) this.close();
    };
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tick(): void {
    const tick = ++this.#ticks;
    for (const feed of this.#feeds.values()) {
      const text = feed.next(tick);
      let behind = 0;
      for (const [reader, missedAt] of feed.readers) {
        reader.read(missedAt === undefined ? text : feed.again(missedAt));
        const behindSince = reader.missed ? (missedAt ?? tick) : undefined;
        if (behindSince !== undefined) behind++;
        if (behindSince !== missedAt) feed.readers.set(reader, behindSince);
      }
      if (behind === 0) feed.caughtUp();
    }
  }

  #overviewFeed(): Feed {
    const { clock, overview } = this.#services;
    let last: string | undefined;
    const next = (): string => {
      const timeMs = clock.nowMs();
      const time = new Date(timeMs).toISOString();
      const message: PlainOverview = { type: 'overview', time, timeMs, ...overview(timeMs) };
      last = JSON.stringify(message);
      return last;
    };
    const first = (): string => last ?? next();
    return {
      readers: new Map(),
      first,
      again: first,
      next,
      caughtUp: () => undefined,
      close: () => undefined,
    };
  }

  #valuesFeed(selection: Selection): Feed {
    const { clock } = this.#services;
    selection.retain();
    selection.watch();
    let known = new Map<number, number>();
    /** Ticks in which series ended that somebody may not have heard of. */
    const endedAt = new Map<number, number>();
    const encode = (changes: Record<string, WireValue | null>): string => {
      const timeMs = clock.nowMs();
      const time = new Date(timeMs).toISOString();
      return JSON.stringify({
        type: 'values',
        time,
        timeMs,
        values: changes,
      } satisfies PlainValues);
    };
    const advance = (tick: number): Record<string, WireValue | null> => {
      const changes: Record<string, WireValue | null> = {};
      const now = new Map<number, number>();
      for (const localRef of selection.members()) {
        const value = selection.value(localRef);
        const before = known.get(localRef);
        now.set(localRef, value);
        endedAt.delete(localRef);
        if (before === undefined || !sameBits(before, value))
          changes[String(selection.labelsOf(localRef))] = toWireValue(value);
      }
      for (const localRef of known.keys()) {
        if (now.has(localRef)) continue;
        changes[String(selection.labelsOf(localRef))] = null;
        endedAt.set(localRef, tick);
      }
      known = now;
      return changes;
    };
    const everything = (since: number): string => {
      const all: Record<string, WireValue | null> = {};
      for (const [localRef, tick] of endedAt)
        if (tick >= since) all[String(selection.labelsOf(localRef))] = null;
      for (const [localRef, value] of known)
        all[String(selection.labelsOf(localRef))] = toWireValue(value);
      return encode(all);
    };
    advance(this.#ticks);
    return {
      readers: new Map(),
      first: () => everything(Infinity),
      again: everything,
      next: (tick) => {
        const changes = advance(tick);
        return Object.keys(changes).length === 0 ? undefined : encode(changes);
      },
      caughtUp: () => endedAt.clear(),
      close: () => {
        selection.unwatch();
        selection.release();
      },
    };
  }
}
