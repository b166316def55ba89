/**
 * What the page subscribes to, one topic per tile: each has its own stream, so a tile is fresh, stale or
 * refused by itself. Names are node_exporter's; `nowcast_` names are the agent's own.
 */
export interface Topic {
  readonly metrics: readonly string[];
  /** `view`: as far back as charts show. A number: that much, in milliseconds. */
  readonly history: 'view' | number;
  /** How often the agent measures it. */
  readonly everyMs: number;
  /** What is asked for of long ranges; undefined where no chart shows them. */
  readonly past?: PastMetrics | undefined;
}

/** A counter is followed by its value at the end of a step, anything else by its average. */
export interface PastMetrics {
  readonly counters: readonly string[];
  readonly gauges: readonly string[];
}

const CHART = { history: 'view', everyMs: 1_000 } as const;
const LOADS = ['node_load1', 'node_load5', 'node_load15'];
const PRESSURES = ['cpu', 'memory', 'io'].map(
  (name) => `node_pressure_${name}_waiting_seconds_total`,
);
const FACT = { history: 0, everyMs: 1_000 } as const;

export type TopicName =
  | 'cpu'
  | 'memory'
  | 'load'
  | 'pressure'
  | 'network'
  | 'diskio'
  | 'space'
  | 'sockets'
  | 'sensors'
  | 'processes'
  | 'system';

export const TOPICS: Readonly<Record<TopicName, Topic>> = {
  cpu: {
    metrics: ['node_cpu_seconds_total'],
    past: { counters: ['node_cpu_seconds_total'], gauges: [] },
    ...CHART,
  },
  memory: {
    metrics: [
      'MemTotal',
      'MemAvailable',
      'MemFree',
      'SwapTotal',
      'SwapFree',
      'Cached',
      'Buffers',
      'Shmem',
      'Slab',
      'Dirty',
    ].map((name) => `node_memory_${name}_bytes`),
    past: {
      counters: [],
      gauges: ['MemTotal', 'MemAvailable', 'MemFree'].map((name) => `node_memory_${name}_bytes`),
    },
    ...CHART,
  },
  load: { metrics: LOADS, past: { counters: [], gauges: LOADS }, ...CHART },
  pressure: {
    metrics: PRESSURES,
    past: { counters: PRESSURES, gauges: [] },
    ...CHART,
  },
  network: {
    metrics: [
      'receive_bytes',
      'transmit_bytes',
      'receive_errs',
      'transmit_errs',
      'receive_drop',
      'transmit_drop',
    ].map((name) => `node_network_${name}_total`),
    past: {
      counters: ['node_network_receive_bytes_total', 'node_network_transmit_bytes_total'],
      gauges: [],
    },
    ...CHART,
  },
  diskio: {
    metrics: [
      'node_disk_read_bytes_total',
      'node_disk_written_bytes_total',
      'node_disk_io_time_seconds_total',
    ],
    past: { counters: ['node_disk_read_bytes_total', 'node_disk_written_bytes_total'], gauges: [] },
    ...CHART,
  },
  space: {
    metrics: ['size_bytes', 'avail_bytes', 'free_bytes', 'files', 'files_free', 'readonly'].map(
      (name) => `node_filesystem_${name}`,
    ),
    // A trend needs more past than a picture.
    history: 900_000,
    everyMs: 1_000,
  },
  sockets: {
    metrics: [
      'node_netstat_Tcp_CurrEstab',
      'node_netstat_Tcp_ActiveOpens',
      'node_netstat_Tcp_PassiveOpens',
      'node_netstat_Tcp_RetransSegs',
      'node_sockstat_TCP_tw',
      'node_sockstat_UDP_inuse',
      'node_filefd_allocated',
      'node_filefd_maximum',
    ],
    past: {
      counters: [
        'node_netstat_Tcp_ActiveOpens',
        'node_netstat_Tcp_PassiveOpens',
        'node_netstat_Tcp_RetransSegs',
      ],
      gauges: ['node_netstat_Tcp_CurrEstab', 'node_sockstat_TCP_tw'],
    },
    ...CHART,
  },
  sensors: {
    metrics: [
      'node_hwmon_temp_celsius',
      'node_hwmon_sensor_label',
      'node_hwmon_chip_names',
      'node_hwmon_fan_rpm',
      'node_hwmon_power_average_watt',
      'node_hwmon_power_watt',
      'node_power_supply_power_watt',
      'node_thermal_zone_temp',
    ],
    past: {
      counters: [],
      // Names of sensors come from metrics without a value of their own.
      gauges: [
        'node_hwmon_temp_celsius',
        'node_thermal_zone_temp',
        'node_hwmon_sensor_label',
        'node_hwmon_chip_names',
      ],
    },
    ...CHART,
  },
  processes: {
    metrics: [
      'node_processes_pids',
      'node_processes_threads',
      'node_processes_state',
      'nowcast_process_cpu_usage_ratio',
      'nowcast_process_resident_memory_bytes',
    ],
    history: 0,
    // The agent looks every two seconds, and less often where looking at all processes costs too much.
    everyMs: 8_000,
  },
  system: {
    metrics: [
      'node_uname_info',
      'node_os_info',
      'node_time_seconds',
      'node_boot_time_seconds',
      'node_timex_sync_status',
      'node_timex_offset_seconds',
      'node_context_switches_total',
      'node_intr_total',
      'node_forks_total',
    ],
    ...FACT,
  },
};

/** What the list of hosts needs of every machine. */
export const HOSTS_TOPIC: Topic = {
  metrics: [
    'node_uname_info',
    'node_load1',
    'node_memory_MemTotal_bytes',
    'node_memory_MemAvailable_bytes',
  ],
  ...FACT,
};

/** A selector for the metrics, of one host where one is named. */
export function selectorOf(metrics: readonly string[], instance?: string): string {
  const [only] = metrics;
  const name =
    metrics.length === 1 && only !== undefined
      ? `__name__=${quoted(only)}`
      : `__name__=~${quoted(metrics.join('|'))}`;
  return instance === undefined ? `{${name}}` : `{${name}, instance=${quoted(instance)}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
