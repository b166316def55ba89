/**
 * What the plain stream says, made once a tick for all who read the same: the overview of all hosts, or the values
 * of a selector. A reader gets everything first and changes after that.
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
  readonly readers: Set<PlainReader>;
  /** Everything, for a reader that begins. */
  first(): string | undefined;
  /** What changed since the last tick. */
  next(): string | undefined;
  close(): void;
}

export class PlainFeeds {
  readonly #services: PlainFeedServices;
  readonly #feeds = new Map<string, Feed>();
  #timer: Timer | undefined;

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
    readers.add(reader);
    this.#timer ??= this.#services.clock.every(this.#services.intervalMs, () => this.#tick());
    reader.read(feed.first());
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
    for (const feed of this.#feeds.values()) {
      const text = feed.next();
      for (const reader of feed.readers) reader.read(reader.missed ? feed.first() : text);
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
    return { readers: new Set(), first: () => last ?? next(), next, close: () => undefined };
  }

  #valuesFeed(selection: Selection): Feed {
    const { clock } = this.#services;
    selection.retain();
    selection.watch();
    let known = new Map<number, number>();
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
    const advance = (): Record<string, WireValue | null> => {
      const changes: Record<string, WireValue | null> = {};
      const now = new Map<number, number>();
      for (const localRef of selection.members()) {
        const value = selection.value(localRef);
        const before = known.get(localRef);
        now.set(localRef, value);
        if (before === undefined || !sameBits(before, value))
          changes[String(selection.labelsOf(localRef))] = toWireValue(value);
      }
      for (const localRef of known.keys())
        if (!now.has(localRef)) changes[String(selection.labelsOf(localRef))] = null;
      known = now;
      return changes;
    };
    advance();
    return {
      readers: new Set(),
      first: () => {
        const all: Record<string, WireValue> = {};
        for (const [localRef, value] of known)
          all[String(selection.labelsOf(localRef))] = toWireValue(value);
        return encode(all);
      },
      next: () => {
        const changes = advance();
        return Object.keys(changes).length === 0 ? undefined : encode(changes);
      },
      close: () => {
        selection.unwatch();
        selection.release();
      },
    };
  }
}
