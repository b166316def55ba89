/**
 * CPU time by core and mode, from `/proc/stat`. The counters never go back: the kernel computes idle and
 * iowait from samples and at times shows less than before; such a reading keeps the earlier value. A core
 * that was unplugged and came back starts over, which its idle time shows by a fall of seconds.
 */
import type { CollectorModule } from '../collector.ts';
import { DeviceSet, NumberAttribute, type Device } from '../devices.ts';
import type { Host } from '../host.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { counter, type SeriesGroup, type Slot } from '../series-group.ts';

const CPU_SECONDS = counter('node_cpu_seconds_total', 'Seconds a CPU has spent in each mode.');
const GUEST_SECONDS = counter(
  'node_cpu_guest_seconds_total',
  'Seconds a CPU has spent in guests (virtual machines), which the modes user and nice contain.',
);

/** In the order of the columns. */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const IDLE = 3;
const GUEST_MODES = ['user', 'nice'] as const;
const COLUMNS = MODES.length + GUEST_MODES.length;
const IDLE_FALL_TICKS_MAX = 300;
const THROTTLE_REFRESH_MS = 60_000;

interface CpuRow {
  readonly slots: readonly Slot[];
  readonly ticks: Float64Array;
}

export const cpu: CollectorModule = {
  name: 'cpu',
  create(host, series) {
    const file = host.proc('stat');
    const read = new Float64Array(COLUMNS);
    const rows = new KeyedRows<CpuRow | null>({
      create: (key) => (/^cpu\d+$/.test(key) ? createRow(series, key.slice(3)) : null),
      drop(row) {
        for (const slot of row?.slots ?? []) series.release(slot);
      },
    });
    const throttles = throttleCounters(host, series);
    return {
      collect(nowMs) {
        const scan = file.scan();
        rows.begin();
        while (!scan.atEnd && scan.token()) {
          const row = rows.at(scan);
          // The lines of CPUs come first; what follows is not read here.
          if (row === null && !startsWithCpu(scan.bytes, scan.tokenStart)) break;
          if (row) {
            for (let column = 0; column < COLUMNS; column++) read[column] = scan.number();
            keepRising(row.ticks, read);
            for (let column = 0; column < COLUMNS; column++)
              series.set(
                row.slots[column] as Slot,
                (row.ticks[column] as number) / host.ticksPerSecond,
              );
          }
          scan.nextLine();
        }
        throttles.sample(nowMs);
      },
    };
  },
};

function createRow(series: SeriesGroup, cpu: string): CpuRow {
  return {
    slots: [
      ...MODES.map((mode) => series.define(CPU_SECONDS, { cpu, mode })),
      ...GUEST_MODES.map((mode) => series.define(GUEST_SECONDS, { cpu, mode })),
    ],
    ticks: new Float64Array(COLUMNS),
  };
}

function keepRising(kept: Float64Array, read: Float64Array): void {
  const restarted = (read[IDLE] as number) < (kept[IDLE] as number) - IDLE_FALL_TICKS_MAX;
  for (let column = 0; column < COLUMNS; column++) {
    const value = read[column] as number;
    // Kernels before 2.6.33 have fewer columns: what is missing reads as NaN and stays so.
    if (restarted || !(value < (kept[column] as number))) kept[column] = value;
  }
}

function startsWithCpu(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x63 && bytes[at + 1] === 0x70 && bytes[at + 2] === 0x75;
}

const CORE_THROTTLES = counter(
  'node_cpu_core_throttles_total',
  'How often a core has been slowed down for heat.',
);
const PACKAGE_THROTTLES = counter(
  'node_cpu_package_throttles_total',
  'How often a package has been slowed down for heat.',
);
const CPUS = 'devices/system/cpu';

function throttleCounters(host: Host, series: SeriesGroup): DeviceSet {
  const owners = new Map<string, string>();
  return new DeviceSet({
    refreshMs: THROTTLE_REFRESH_MS,
    list: () =>
      host
        .sysNames(CPUS)
        .filter((name) => /^cpu\d+$/.test(name))
        .flatMap((name) => throttleKeys(host, name))
        .filter(([key, name]) => (owners.get(key) ?? name) === name && owners.set(key, name))
        .map(([key]) => key),
    open: (key) => openThrottle(host, series, { key, cpu: owners.get(key) ?? '' }),
  });
}

/** One key per package and one per core, since the threads of a core share its counter. */
function throttleKeys(host: Host, cpu: string): [string, string][] {
  const folder = `${CPUS}/${cpu}`;
  if (host.sysText(`${folder}/thermal_throttle/core_throttle_count`) === undefined) return [];
  const packageId = host.sysText(`${folder}/topology/physical_package_id`) ?? '0';
  const coreId = host.sysText(`${folder}/topology/core_id`) ?? '0';
  return [
    [packageId, cpu],
    [`${packageId}/${coreId}`, cpu],
  ];
}

function openThrottle(
  host: Host,
  series: SeriesGroup,
  { key, cpu }: { key: string; cpu: string },
): Device {
  const [packageId = '0', core] = key.split('/');
  const folder = `${CPUS}/${cpu}/thermal_throttle`;
  return core === undefined
    ? new NumberAttribute(host.sys(`${folder}/package_throttle_count`), {
        series,
        slot: series.define(PACKAGE_THROTTLES, { package: packageId }),
      })
    : new NumberAttribute(host.sys(`${folder}/core_throttle_count`), {
        series,
        slot: series.define(CORE_THROTTLES, { package: packageId, core }),
      });
}
