import type { CollectorModule } from '../collector.ts';
import { counter, gauge, type MetricSpec } from '../series-group.ts';
import { KeyedValues } from './keyed-values.ts';

const METRICS: Readonly<Record<string, MetricSpec>> = {
  intr: counter('node_intr_total', 'Interrupts serviced.'),
  ctxt: counter('node_context_switches_total', 'Context switches.'),
  btime: gauge('node_boot_time_seconds', 'When the machine was started, Unix time.'),
  processes: counter('node_forks_total', 'Processes and threads created.'),
  procs_running: gauge('node_procs_running', 'Threads that run or wait for a CPU.'),
  procs_blocked: gauge('node_procs_blocked', 'Threads that wait for a disk.'),
};

/** The lines of `/proc/stat` that are not about one CPU. */
export const stat: CollectorModule = {
  name: 'stat',
  create(host, series) {
    const file = host.proc('stat');
    const values = new KeyedValues(series, (key) =>
      Object.hasOwn(METRICS, key) ? METRICS[key] : undefined,
    );
    return { collect: () => values.collect(file.scan()) };
  },
};
