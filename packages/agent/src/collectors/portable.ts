/** What Node itself knows of any operating system, for those without `/proc`. */
import {
  cpus,
  freemem,
  hostname,
  loadavg,
  machine,
  platform,
  release,
  totalmem,
  type,
  uptime,
} from 'node:os';
import type { CollectorModule } from '../collector.ts';
import { counter, gauge, type SeriesGroup, type Slot } from '../series-group.ts';

const CPU_SECONDS = counter('node_cpu_seconds_total', 'Seconds a CPU has spent in each mode.');
const MODES = ['user', 'nice', 'system', 'idle', 'irq'] as const;

export const portable: CollectorModule = {
  name: 'portable',
  create(_host, series) {
    const loads =
      platform() === 'win32'
        ? []
        : [1, 5, 15].map((minutes) =>
            series.define(gauge(`node_load${minutes}`, `Load average over ${minutes} min.`)),
          );
    const total = series.define(gauge('node_memory_MemTotal_bytes', 'Memory of the machine.'));
    const free = series.define(gauge('node_memory_MemFree_bytes', 'Memory not in use.'));
    const seconds = series.define(gauge('node_time_seconds', 'The clock, Unix time.'));
    const boot = series.define(gauge('node_boot_time_seconds', 'When the machine was started.'));
    const uname = series.define(gauge('node_uname_info', 'Kernel and name; always 1.'), {
      sysname: type(),
      release: release(),
      machine: machine(),
      nodename: hostname(),
    });
    const cores: (readonly Slot[])[] = [];
    return {
      collect(nowMs) {
        for (const [at, value] of loadavg().entries())
          if (loads[at] !== undefined) series.set(loads[at], value);
        series.set(total, totalmem());
        series.set(free, freemem());
        series.set(seconds, nowMs / 1000);
        series.set(boot, Math.round(nowMs / 1000 - uptime()));
        series.set(uname, 1);
        for (const [core, { times }] of cpus().entries()) {
          const slots = (cores[core] ??= defineCore(series, core));
          const values = [times.user, times.nice, times.sys, times.idle, times.irq];
          for (const [at, slot] of slots.entries()) series.set(slot, (values[at] as number) / 1000);
        }
      },
    };
  },
};

function defineCore(series: SeriesGroup, core: number): readonly Slot[] {
  return MODES.map((mode) => series.define(CPU_SECONDS, { cpu: String(core), mode }));
}
