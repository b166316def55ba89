import type { LabelRecord } from '@nowcast/model';
import { noise, unrest } from './noise.ts';

/** One value of one series at one moment. */
export interface Reading {
  readonly labels: LabelRecord;
  readonly value: number;
}

const GIB = 1024 ** 3;
const CORES = 8;
const MEMORY_BYTES = 31.2 * GIB;
const UPTIME_SECONDS = 19.3 * 86_400;

/**
 * A plausible server, one second at a time: the same metrics as the agent's, the same course in every run.
 * Counters are sums of what happened, so rates derived from them are what was put in.
 */
export class SimulatedHost {
  readonly instance: string;
  readonly #name: string;
  readonly #seed: number;
  readonly #counters = new Map<string, number>();
  #seconds = 0;
  #readings: Reading[] = [];

  constructor(name: string, seed: number) {
    this.instance = `${name}:9100`;
    this.#name = name;
    this.#seed = seed;
  }

  /** The host a second later, at the given moment. */
  step(timeMs: number): readonly Reading[] {
    this.#readings = [];
    this.#seconds = timeMs / 1000;
    this.#processors();
    this.#memory();
    this.#disks();
    this.#network();
    this.#sensors();
    this.#processes();
    this.#system(timeMs);
    return this.#readings;
  }

  #processors(): void {
    let sum = 0;
    for (let core = 0; core < CORES; core++) {
      const busy = this.#coreBusy(core);
      sum += busy;
      const waiting = this.#unrest(40 + core) ** 6 * 0.6;
      const idle = Math.max(0, 1 - busy - waiting);
      const modes = {
        user: busy * 0.71,
        system: busy * 0.22,
        softirq: busy * 0.05,
        steal: busy * 0.02,
        nice: 0,
        irq: 0,
        iowait: waiting,
        idle,
      };
      for (const [mode, share] of Object.entries(modes))
        this.#count('node_cpu_seconds_total', share, { cpu: String(core), mode });
    }
    this.#gauge('node_load1', sum * 1.1);
    this.#gauge('node_load5', 2.1 + noise(this.#seed + 5, this.#seconds / 240));
    this.#gauge('node_load15', 2.3 + noise(this.#seed + 6, this.#seconds / 700) * 0.4);
    for (const [seed, resource] of ['cpu', 'memory', 'io'].entries())
      this.#count(
        `node_pressure_${resource}_waiting_seconds_total`,
        this.#unrest(60 + seed) ** 4 * (resource === 'memory' ? 0.02 : 0.3),
      );
  }

  #coreBusy(core: number): number {
    const burst = this.#unrest(20 + core) ** 3;
    // One process wanders over the cores and keeps one of them busy.
    const wanderer = Math.floor(this.#seconds / 47) % CORES === core ? 0.55 : 0;
    return Math.min(0.99, 0.04 + burst * 0.85 + wanderer * this.#unrest(90));
  }

  #memory(): void {
    const used = MEMORY_BYTES * (0.42 + 0.1 * this.#unrest(70));
    const cache = MEMORY_BYTES * (0.31 + 0.03 * noise(this.#seed + 71, this.#seconds / 200));
    this.#gauge('node_memory_MemTotal_bytes', MEMORY_BYTES);
    this.#gauge('node_memory_MemAvailable_bytes', MEMORY_BYTES - used);
    this.#gauge('node_memory_MemFree_bytes', MEMORY_BYTES - used - cache);
    this.#gauge('node_memory_Cached_bytes', cache * 0.86);
    this.#gauge('node_memory_Buffers_bytes', cache * 0.05);
    this.#gauge('node_memory_Shmem_bytes', 0.6 * GIB);
    this.#gauge('node_memory_Slab_bytes', 0.9 * GIB);
    this.#gauge('node_memory_Dirty_bytes', 0.02 * GIB * this.#unrest(72));
    this.#gauge('node_memory_SwapTotal_bytes', 4 * GIB);
    this.#gauge('node_memory_SwapFree_bytes', 3.81 * GIB);
  }

  #disks(): void {
    const reads = this.#unrest(80) ** 3 * 90e6;
    const writes = this.#unrest(84) ** 3 * 60e6;
    for (const [device, share] of [
      ['nvme0n1', 0.8],
      ['sda', 0.2],
    ] as const) {
      this.#count('node_disk_read_bytes_total', reads * share, { device });
      this.#count('node_disk_written_bytes_total', writes * share, { device });
      this.#count(
        'node_disk_io_time_seconds_total',
        Math.min(0.9, (reads + writes) * share * 6e-9),
        { device },
      );
    }
    const written = this.#counter('written', 230e3 + 90e3 * this.#unrest(88));
    this.#fileSystem(
      { mountpoint: '/', device: '/dev/nvme0n1p2', fstype: 'ext4' },
      468 * GIB,
      171 * GIB,
    );
    this.#fileSystem(
      { mountpoint: '/var/lib/postgresql', device: '/dev/sda1', fstype: 'xfs' },
      200 * GIB,
      12 * GIB - written,
    );
    this.#fileSystem(
      { mountpoint: '/boot/efi', device: '/dev/nvme0n1p1', fstype: 'vfat' },
      GIB / 2,
      0.46 * GIB,
    );
  }

  #fileSystem(labels: LabelRecord, sizeBytes: number, availBytes: number): void {
    this.#gauge('node_filesystem_size_bytes', sizeBytes, labels);
    this.#gauge('node_filesystem_avail_bytes', availBytes, labels);
    this.#gauge('node_filesystem_free_bytes', availBytes * 1.02, labels);
    this.#gauge('node_filesystem_files', labels['fstype'] === 'vfat' ? 0 : 3.1e7, labels);
    this.#gauge('node_filesystem_files_free', 2.6e7, labels);
    this.#gauge('node_filesystem_readonly', 0, labels);
  }

  #network(): void {
    const receive = 40e3 + this.#unrest(100) ** 3 * 24e6;
    const transmit = 30e3 + this.#unrest(104) ** 3 * 11e6;
    for (const [device, share] of [
      ['eth0', 1],
      ['lo', 0.06],
      ['docker0', 0.01],
    ] as const) {
      this.#count('node_network_receive_bytes_total', receive * share, { device });
      this.#count('node_network_transmit_bytes_total', transmit * share, { device });
      for (const kind of ['receive_errs', 'transmit_errs', 'receive_drop', 'transmit_drop'])
        this.#count(`node_network_${kind}_total`, 0, { device });
    }
    this.#gauge('node_netstat_Tcp_CurrEstab', Math.round(180 + 60 * this.#unrest(108)));
    this.#gauge('node_sockstat_TCP_tw', Math.round(20 + 70 * this.#unrest(110)));
    this.#gauge('node_sockstat_UDP_inuse', 14);
    this.#count('node_netstat_Tcp_ActiveOpens', Math.round(3 * this.#unrest(112)));
    this.#count('node_netstat_Tcp_PassiveOpens', Math.round(26 * this.#unrest(113)));
    this.#count('node_netstat_Tcp_RetransSegs', this.#unrest(114) > 0.62 ? 1 : 0);
    this.#gauge('node_filefd_allocated', Math.round(9_400 + 500 * this.#unrest(115)));
    this.#gauge('node_filefd_maximum', 9.2e18);
  }

  #sensors(): void {
    const chip = 'platform_coretemp_0';
    this.#gauge('node_hwmon_chip_names', 1, { chip, chip_name: 'coretemp' });
    for (const [at, label] of ['Package', 'Core 0', 'Core 1', 'Core 2'].entries()) {
      const sensor = `temp${at + 1}`;
      this.#gauge('node_hwmon_sensor_label', 1, { chip, sensor, label });
      this.#gauge(
        'node_hwmon_temp_celsius',
        46 - at + Math.round(30 * this.#unrest(120 + at)) / 2,
        { chip, sensor },
      );
    }
    this.#gauge('node_hwmon_chip_names', 1, { chip: 'nvme0', chip_name: 'nvme' });
    this.#gauge('node_hwmon_temp_celsius', 38.85 + Math.round(8 * this.#unrest(126)) / 2, {
      chip: 'nvme0',
      sensor: 'temp1',
    });
    this.#gauge('node_hwmon_fan_rpm', Math.round(900 + 500 * this.#unrest(128)), {
      chip,
      sensor: 'fan1',
    });
  }

  #processes(): void {
    const states = { S: 241, I: 88, R: Math.round(1 + 4 * this.#unrest(130)), D: 0, Z: 1, T: 0 };
    for (const [state, count] of Object.entries(states))
      this.#gauge('node_processes_state', count, { state });
    this.#gauge('node_processes_pids', 331);
    this.#gauge('node_processes_threads', 1_184);
    for (const [at, [name, user, cpu, memory]] of PROCESSES.entries()) {
      const labels = { pid: String(800 + at * 211), name, user };
      this.#gauge(
        'nowcast_process_cpu_usage_ratio',
        cpu * (0.4 + 1.2 * this.#unrest(140 + at)),
        labels,
      );
      this.#gauge('nowcast_process_resident_memory_bytes', memory * GIB, labels);
    }
  }

  #system(timeMs: number): void {
    this.#gauge('node_uname_info', 1, {
      nodename: this.#name,
      release: '6.1.0-28-amd64',
      machine: 'x86_64',
      sysname: 'Linux',
    });
    this.#gauge('node_os_info', 1, { pretty_name: 'Debian GNU/Linux 12 (bookworm)', id: 'debian' });
    this.#gauge('node_time_seconds', timeMs / 1000);
    this.#gauge('node_boot_time_seconds', START_SECONDS - UPTIME_SECONDS);
    this.#gauge('node_timex_sync_status', 1);
    this.#gauge('node_timex_offset_seconds', 0.000_21 * (this.#unrest(150) - 0.5));
    this.#count('node_context_switches_total', 9_000 + 14_000 * this.#unrest(152));
    this.#count('node_intr_total', 5_000 + 7_000 * this.#unrest(154));
    this.#count('node_forks_total', Math.round(12 * this.#unrest(156)));
  }

  #unrest(seed: number): number {
    return unrest(this.#seed + seed * 13, this.#seconds);
  }

  #gauge(name: string, value: number, labels: LabelRecord = {}): void {
    this.#readings.push({ labels: { __name__: name, instance: this.instance, ...labels }, value });
  }

  #count(name: string, perSecond: number, labels: LabelRecord = {}): void {
    const key = `${name} ${Object.values(labels).join(' ')}`;
    this.#gauge(name, this.#counter(key, perSecond), labels);
  }

  #counter(key: string, increment: number): number {
    const sum = (this.#counters.get(key) ?? 1_000) + increment;
    this.#counters.set(key, sum);
    return sum;
  }
}

/** Any moment will do, as long as it is always the same. */
const START_SECONDS = 1_790_000_000;

const PROCESSES = [
  ['postgres', 'postgres', 0.62, 3.9],
  ['node', 'app', 0.48, 1.1],
  ['nginx', 'www-data', 0.21, 0.09],
  ['redis-server', 'redis', 0.12, 0.7],
  ['containerd', 'root', 0.06, 0.12],
  ['systemd-journald', 'root', 0.02, 0.06],
  ['prometheus', 'metrics', 0.05, 0.9],
  ['java', 'search', 0.33, 4.6],
] as const;
