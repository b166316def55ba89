/**
 * Hosts in a few numbers, from the last-value cache. Rates come from two readings of the same counters, so the
 * first overview of a host lacks them.
 */
import { holdsFiles, METRIC_NAME, usedShare, type LabelSet } from '@nowcast/model';
import type { HostOverview } from '@nowcast/protocol';
import type { SeriesRegistry } from '../live/series-registry.ts';

/** Fewer milliseconds between two readings give no rate worth showing. */
const RATE_SPAN_MIN_MS = 500;

interface Reading {
  readonly timeMs: number;
  readonly value: number;
}

type RateName = 'cpuIdle' | 'diskRead' | 'diskWrite' | 'networkReceive' | 'networkTransmit';

const COUNTERS: readonly (readonly [RateName, metric: string])[] = [
  ['cpuIdle', 'node_cpu_seconds_total'],
  ['diskRead', 'node_disk_read_bytes_total'],
  ['diskWrite', 'node_disk_written_bytes_total'],
  ['networkReceive', 'node_network_receive_bytes_total'],
  ['networkTransmit', 'node_network_transmit_bytes_total'],
];

interface HostFacts {
  newestMs: number;
  cpus: number;
  readonly sums: Map<string, number>;
  readonly diskPercents: number[];
  readonly counters: Map<RateName, Reading>;
}

export class OverviewReader {
  readonly #registry: SeriesRegistry;
  #before = new Map<string, Map<RateName, Reading>>();
  #rates = new Map<string, Map<RateName, number>>();

  constructor(registry: SeriesRegistry) {
    this.#registry = registry;
  }

  /** To be called about once a second, by one caller: rates are between calls. */
  read(nowMs: number): HostOverview[] {
    const hosts = new Map<string, HostFacts>();
    this.#readGauges(hosts);
    for (const [name, metric] of COUNTERS) this.#readCounter(hosts, name, metric);
    this.#readDisks(hosts);
    const before = this.#before;
    this.#before = new Map();
    const rates = this.#rates;
    this.#rates = new Map();
    return [...hosts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([instance, facts]) => {
        const host = this.#settle(instance, facts, before.get(instance), rates.get(instance));
        return toOverview(instance, facts, host, nowMs);
      });
  }

  #settle(
    instance: string,
    facts: HostFacts,
    before: Map<RateName, Reading> | undefined,
    known: Map<RateName, number> | undefined,
  ): Map<RateName, number> {
    const kept = new Map<RateName, Reading>();
    const rates = new Map<RateName, number>();
    for (const [name, now] of facts.counters) {
      const then = before?.get(name);
      const spanMs = then === undefined ? 0 : now.timeMs - then.timeMs;
      const rate = then === undefined ? NaN : ((now.value - then.value) / spanMs) * 1_000;
      if (then !== undefined && spanMs < RATE_SPAN_MIN_MS) {
        kept.set(name, then);
        const last = known?.get(name);
        if (last !== undefined) rates.set(name, last);
        continue;
      }
      kept.set(name, now);
      // A counter that fell was reset: no rate this time.
      if (rate >= 0) rates.set(name, rate);
    }
    this.#before.set(instance, kept);
    this.#rates.set(instance, rates);
    return rates;
  }

  #readGauges(hosts: Map<string, HostFacts>): void {
    const registry = this.#registry;
    for (const metric of GAUGES)
      for (const ref of registry.liveOf(metric)) {
        const facts = factsOf(hosts, registry.labels(ref)?.get('instance') ?? '');
        const value = registry.value(ref);
        const before = facts.sums.get(metric);
        const highest = HIGHEST.has(metric) && before !== undefined;
        facts.sums.set(metric, highest ? Math.max(before, value) : (before ?? 0) + value);
        facts.newestMs = Math.max(facts.newestMs, registry.timeMs(ref));
      }
  }

  #readCounter(hosts: Map<string, HostFacts>, name: RateName, metric: string): void {
    const registry = this.#registry;
    for (const ref of registry.liveOf(metric)) {
      const labels = registry.labels(ref);
      if (labels === undefined || labels.get('device') === 'lo') continue;
      const facts = factsOf(hosts, labels.get('instance'));
      const timeMs = registry.timeMs(ref);
      facts.newestMs = Math.max(facts.newestMs, timeMs);
      if (name === 'cpuIdle') {
        const mode = labels.get('mode');
        if (mode !== 'idle' && mode !== 'iowait') continue;
        if (mode === 'idle') facts.cpus++;
      }
      const sum = facts.counters.get(name)?.value ?? 0;
      facts.counters.set(name, { timeMs, value: sum + registry.value(ref) });
    }
  }

  #readDisks(hosts: Map<string, HostFacts>): void {
    const registry = this.#registry;
    const sizes = this.#byPlace('node_filesystem_size_bytes');
    const free = this.#byPlace('node_filesystem_free_bytes');
    for (const ref of registry.liveOf('node_filesystem_avail_bytes')) {
      const labels = registry.labels(ref);
      if (labels === undefined || !holdsFiles(labels.get('fstype'))) continue;
      const place = placeOf(labels);
      const used = usedShare({
        sizeBytes: sizes.get(place) ?? NaN,
        freeBytes: free.get(place) ?? NaN,
        availableBytes: registry.value(ref),
      });
      if (!Number.isNaN(used)) factsOf(hosts, labels.get('instance')).diskPercents.push(100 * used);
    }
  }

  #byPlace(metric: string): Map<string, number> {
    const registry = this.#registry;
    const values = new Map<string, number>();
    for (const ref of registry.liveOf(metric)) {
      const labels = registry.labels(ref);
      if (labels !== undefined) values.set(placeOf(labels), registry.value(ref));
    }
    return values;
  }
}

const GAUGES = [
  'node_load1',
  'node_memory_MemTotal_bytes',
  'node_memory_MemAvailable_bytes',
  'node_memory_SwapTotal_bytes',
  'node_memory_SwapFree_bytes',
  'node_hwmon_temp_celsius',
  'node_thermal_zone_temp',
  'node_processes_pids',
  'node_boot_time_seconds',
] as const;

const HIGHEST: ReadonlySet<string> = new Set(['node_hwmon_temp_celsius', 'node_thermal_zone_temp']);

function factsOf(hosts: Map<string, HostFacts>, instance: string): HostFacts {
  let facts = hosts.get(instance);
  if (facts === undefined) {
    const sums = new Map<string, number>();
    facts = { newestMs: -Infinity, cpus: 0, sums, diskPercents: [], counters: new Map() };
    hosts.set(instance, facts);
  }
  return facts;
}

function placeOf(labels: LabelSet): string {
  return labels.without(METRIC_NAME).key;
}

function toOverview(
  instance: string,
  { newestMs, cpus, sums, diskPercents }: HostFacts,
  rates: ReadonlyMap<RateName, number>,
  nowMs: number,
): HostOverview {
  const used = (total: string, free: string): number | undefined => {
    const whole = sums.get(total);
    const rest = sums.get(free);
    if (whole === undefined || rest === undefined || whole <= 0) return undefined;
    return rounded(100 * (1 - rest / whole));
  };
  const idle = rates.get('cpuIdle');
  const bootSeconds = sums.get('node_boot_time_seconds');
  const temperature = sums.get('node_hwmon_temp_celsius') ?? sums.get('node_thermal_zone_temp');
  return withoutMissing({
    instance,
    ageMs: Math.max(0, Math.round(nowMs - newestMs)),
    cpuPercent:
      idle === undefined || cpus === 0 ? undefined : rounded(within(100 * (1 - idle / cpus))),
    load1: sums.get('node_load1'),
    memoryPercent: used('node_memory_MemTotal_bytes', 'node_memory_MemAvailable_bytes'),
    swapPercent: used('node_memory_SwapTotal_bytes', 'node_memory_SwapFree_bytes'),
    diskPercent: diskPercents.length === 0 ? undefined : rounded(Math.max(...diskPercents)),
    diskReadBytesPerSecond: whole(rates.get('diskRead')),
    diskWriteBytesPerSecond: whole(rates.get('diskWrite')),
    networkReceiveBytesPerSecond: whole(rates.get('networkReceive')),
    networkTransmitBytesPerSecond: whole(rates.get('networkTransmit')),
    temperatureCelsius: temperature,
    processes: sums.get('node_processes_pids'),
    uptimeSeconds: bootSeconds === undefined ? undefined : Math.round(nowMs / 1_000 - bootSeconds),
  });
}

function within(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function whole(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}

function withoutMissing(overview: HostOverview): HostOverview {
  return Object.fromEntries(
    Object.entries(overview).filter(([, value]) => value !== undefined),
  ) as unknown as HostOverview;
}
