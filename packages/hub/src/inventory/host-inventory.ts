/**
 * Who is out there: every host (label `instance`) that has sent samples since the hub started and was not forgotten
 * since, when it was heard last, and how often it reports.
 */
import type { SeriesRef } from '@nowcast/model';
import type { Clock } from '@nowcast/std';
import type { SampleListener } from '../ingest/ingest.ts';
import type { SeriesRegistry } from '../live/series-registry.ts';

export interface HostRecord {
  readonly instance: string;
  readonly job: string;
  readonly firstSeenMs: number;
  /** The hub's clock when its newest samples arrived. */
  readonly heardMs: number;
  /** How long ago that was, by a clock that nobody sets. */
  readonly silentMs: number;
  /** Time of its newest sample. */
  readonly sampleMs: number;
  /** Typical distance of its samples in time; undefined before the third. */
  readonly intervalMs: number | undefined;
  /** Series it has sent, ended ones included. */
  readonly series: number;
}

const GAPS_KEPT = 9;
const GAPS_MIN = 2;

interface Host {
  readonly instance: string;
  readonly job: string;
  readonly firstSeenMs: number;
  heardMs: number;
  heardMonotonicMs: number;
  sampleMs: number;
  series: number;
  readonly gapsMs: number[];
  intervalMs: number | undefined;
}

export class HostInventory implements SampleListener {
  readonly #clock: Clock;
  readonly #registry: SeriesRegistry;
  readonly #hosts = new Map<string, Host>();
  /** By ref; null for series without an instance. */
  readonly #hostOf: (Host | null | undefined)[] = [];

  constructor(clock: Clock, registry: SeriesRegistry) {
    this.#clock = clock;
    this.#registry = registry;
  }

  get size(): number {
    return this.#hosts.size;
  }

  *list(): Iterable<HostRecord> {
    const nowMs = this.#clock.monotonicMs();
    for (const { gapsMs: _, heardMonotonicMs, ...record } of this.#hosts.values())
      yield { ...record, silentMs: nowMs - heardMonotonicMs };
  }

  /** Drops a host; should it be heard again, it is a new one. */
  forget(instance: string): void {
    const host = this.#hosts.get(instance);
    if (host === undefined) return;
    this.#hosts.delete(instance);
    for (const [ref, known] of this.#hostOf.entries())
      if (known === host) this.#hostOf[ref] = undefined;
  }

  samples(timeMs: number, refs: ArrayLike<SeriesRef>): void {
    let last: Host | null | undefined;
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] as SeriesRef;
      const known = this.#hostOf[ref];
      const host = known === undefined ? this.#assign(ref) : known;
      if (host === last || host === null) continue;
      last = host;
      this.#hear(host, timeMs);
    }
  }

  #hear(host: Host, timeMs: number): void {
    host.heardMs = this.#clock.nowMs();
    host.heardMonotonicMs = this.#clock.monotonicMs();
    if (timeMs <= host.sampleMs) return;
    if (host.sampleMs > -Infinity) {
      host.gapsMs.push(timeMs - host.sampleMs);
      if (host.gapsMs.length > GAPS_KEPT) host.gapsMs.shift();
      if (host.gapsMs.length >= GAPS_MIN) host.intervalMs = median(host.gapsMs);
    }
    host.sampleMs = timeMs;
  }

  #assign(ref: SeriesRef): Host | null {
    const labels = this.#registry.labels(ref);
    const instance = labels?.get('instance') ?? '';
    if (instance === '') return (this.#hostOf[ref] = null);
    let host = this.#hosts.get(instance);
    if (host === undefined) {
      const nowMs = this.#clock.nowMs();
      host = {
        instance,
        job: labels?.get('job') ?? '',
        firstSeenMs: nowMs,
        heardMs: nowMs,
        heardMonotonicMs: this.#clock.monotonicMs(),
        sampleMs: -Infinity,
        series: 0,
        gapsMs: [],
        intervalMs: undefined,
      };
      this.#hosts.set(instance, host);
    }
    host.series++;
    return (this.#hostOf[ref] = host);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] as number;
}
