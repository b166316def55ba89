/**
 * Turns the messages of one subscription into events, one reader's view of it. Refs live as long as a
 * connection; series live on: after `resume` the same labels get the same object again, samples that were
 * delivered before are left out, and a series that did not come back by the first live update has left.
 *
 * Events are produced when they are asked for. A batch of samples is written into its series when the
 * event after it is asked for, so that its reader sees it against the state before it.
 */
import { LabelSet } from '@nowcast/model';
import type { SeriesDefinition, Update } from '@nowcast/protocol';
import { SeriesEntry } from './live-series.ts';
import { DecodedBatch } from './sample-batch.ts';
import type { SubscriptionEvent } from './subscription-event.ts';

export class UpdateDecoder {
  #byRef = new Map<number, SeriesEntry>();
  /** Series of the connection before that have not come back yet, by their labels' key. */
  #absent = new Map<string, SeriesEntry>();
  #live = false;

  /** A new connection begins: its refs mean other series. */
  resume(): void {
    for (const entry of this.#byRef.values()) {
      entry.resumeMs = Number.isNaN(entry.lastMs) ? -Infinity : entry.lastMs;
      this.#absent.set(entry.labels.key, entry);
    }
    this.#byRef = new Map();
    this.#live = false;
  }

  *decode(update: Update): Generator<SubscriptionEvent, void, undefined> {
    const goesLive = !this.#live && update.history !== true;
    if (goesLive) yield { type: 'live' };
    this.#live ||= goesLive;
    const joined = this.#join(update.add ?? []);
    if (joined.length > 0) yield { type: 'joined', series: joined };
    if (update.groups.length > 0) {
      const batch = new DecodedBatch(update.groups, update.history ?? false, this.#byRef);
      yield { type: 'samples', batch };
      batch.expire();
    }
    const left = this.#leave(update);
    if (left.length > 0) yield { type: 'left', series: left };
  }

  #join(definitions: readonly SeriesDefinition[]): readonly SeriesEntry[] {
    const joined: SeriesEntry[] = [];
    for (const definition of definitions) {
      const labels = LabelSet.from(definition.labels);
      const known = this.#absent.get(labels.key);
      this.#absent.delete(labels.key);
      const entry = known ?? new SeriesEntry(labels, definition);
      this.#byRef.set(definition.ref, entry);
      if (!known) joined.push(entry);
    }
    return joined;
  }

  #leave(update: Update): readonly SeriesEntry[] {
    const left: SeriesEntry[] = [];
    if (update.history !== true && this.#absent.size > 0) {
      left.push(...this.#absent.values());
      this.#absent = new Map();
    }
    for (const ref of update.remove ?? []) {
      const entry = this.#byRef.get(ref);
      if (!entry) continue;
      this.#byRef.delete(ref);
      left.push(entry);
    }
    return left;
  }
}
