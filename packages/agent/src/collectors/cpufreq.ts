import type { CollectorModule } from '../collector.ts';
import { attributeDevice, DeviceSet, NumberAttribute } from '../devices.ts';
import { gauge, type MetricSpec } from '../series-group.ts';

const FILES: Readonly<Record<string, MetricSpec>> = {
  cpuinfo_cur_freq: gauge('node_cpu_frequency_hertz', 'Frequency of the CPU as it measures it.'),
  cpuinfo_min_freq: gauge('node_cpu_frequency_min_hertz', 'Lowest frequency of the CPU.'),
  cpuinfo_max_freq: gauge('node_cpu_frequency_max_hertz', 'Highest frequency of the CPU.'),
  scaling_cur_freq: gauge(
    'node_cpu_scaling_frequency_hertz',
    'Frequency the kernel has asked for.',
  ),
  scaling_min_freq: gauge('node_cpu_scaling_frequency_min_hertz', 'Lowest frequency allowed.'),
  scaling_max_freq: gauge('node_cpu_scaling_frequency_max_hertz', 'Highest frequency allowed.'),
};
const CPUS = 'devices/system/cpu';

/** Clock rates of the CPUs, from sysfs. */
export const cpufreq: CollectorModule = {
  name: 'cpufreq',
  create(host, series) {
    const cpus = new DeviceSet({
      refreshMs: 60_000,
      list: () =>
        host
          .sysNames(CPUS)
          .filter(
            (name) => /^cpu\d+$/.test(name) && host.sysNames(`${CPUS}/${name}/cpufreq`).length > 0,
          ),
      open: (name) =>
        attributeDevice(
          Object.entries(FILES).map(
            ([file, spec]) =>
              new NumberAttribute(
                host.sys(`${CPUS}/${name}/cpufreq/${file}`),
                { series, slot: series.define(spec, { cpu: name.slice(3) }) },
                (kilohertz) => kilohertz * 1000,
              ),
          ),
        ),
    });
    return { collect: (nowMs) => void cpus.sample(nowMs) };
  },
};
