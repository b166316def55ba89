import type { Stream } from './stream.ts';

/** A host as the list shows it. */
export interface HostSummary {
  readonly instance: string;
  /** What the machine calls itself. */
  readonly name: string;
  readonly newestMs: number;
  readonly load1: number;
  /** Share of processor time in use, 0 to 1; NaN while not known. */
  readonly cpuBusy: number;
  /** Share of the memory in use, 0 to 1. */
  readonly memoryUsed: number;
}

/** Share of time the processors of each host worked: one small answer instead of a series per core and mode. */
export const CPU_BUSY_QUERY: string =
  '1 - sum by (instance) (rate(node_cpu_seconds_total{mode=~"idle|iowait"}[15s]))' +
  ' / sum by (instance) (rate(node_cpu_seconds_total[15s]))';

/** Hosts by their names, from the stream of the hosts topic. */
export function hostsOf(
  stream: Stream,
  cpuBusy: ReadonlyMap<string, number>,
): readonly HostSummary[] {
  const hosts = stream.metric('node_load1').map(({ labels, samples }): HostSummary => {
    const instance = labels.get('instance');
    const total = stream.latest('node_memory_MemTotal_bytes', { instance });
    const available = stream.latest('node_memory_MemAvailable_bytes', { instance });
    return {
      instance,
      name: nodeName(stream, instance),
      newestMs: samples.lastMs,
      load1: samples.last,
      cpuBusy: cpuBusy.get(instance) ?? NaN,
      memoryUsed: 1 - available / total,
    };
  });
  return hosts.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function nodeName(stream: Stream, instance: string): string {
  const info = stream
    .metric('node_uname_info')
    .find(({ labels }) => labels.get('instance') === instance);
  return info?.labels.get('nodename') || instance;
}
