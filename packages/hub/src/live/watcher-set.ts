import { ChannelWire } from './channel-wire.ts';
import type { Position, Watcher } from './live-source.ts';
import type { UpdateBody } from './update-text.ts';

/** The watchers of a channel. Once the last one is gone nobody comes back: the channel is abandoned. */
export class WatcherSet {
  readonly #watchers = new Set<Watcher>();
  readonly #wire = new ChannelWire();
  readonly #onAbandoned: () => void;
  #abandoned = false;

  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
  }

  get size(): number {
    return this.#watchers.size;
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    watcher.joined(this.#wire);
  }

  delete(watcher: Watcher): void {
    if (this.#watchers.delete(watcher)) watcher.left();
    this.#abandonIfEmpty();
  }

  [Symbol.iterator](): Iterator<Watcher> {
    return [...this.#watchers][Symbol.iterator]();
  }

  /** Hands everyone the same; returns how many they are. */
  deliver(body: UpdateBody): number {
    this.#wire.encode(body);
    const watchers = [...this.#watchers];
    for (const watcher of watchers) watcher.deliver(body);
    return watchers.length;
  }

  /** Lets go of those who cannot take more; `position` is what they know. */
  parkCongested(position: () => Position): void {
    let known: Position | undefined;
    for (const watcher of this.#watchers) {
      if (!watcher.congested) continue;
      known ??= position();
      this.#watchers.delete(watcher);
      watcher.left();
      watcher.park(known);
    }
    this.#abandonIfEmpty();
  }

  #abandonIfEmpty(): void {
    if (this.#abandoned || this.#watchers.size > 0) return;
    this.#abandoned = true;
    this.#onAbandoned();
  }
}
