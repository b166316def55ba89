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
}

const CHART = { history: 'view', everyMs: 1_000 } as const;
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
  cpu: { metrics: ['node_cpu_seconds_total'], ...CHART },
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
    ...CHART,
  },
  load: { metrics: ['node_load1', 'node_load5', 'node_load15'], ...CHART },
  pressure: {
    metrics: [
      'node_pressure_cpu_waiting_seconds_total',
      'node_pressure_memory_waiting_seconds_total',
      'node_pressure_io_waiting_seconds_total',
    ],
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
    ...CHART,
  },
  diskio: {
    metrics: [
      'node_disk_read_bytes_total',
      'node_disk_written_bytes_total',
      'node_disk_io_time_seconds_total',
    ],
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
