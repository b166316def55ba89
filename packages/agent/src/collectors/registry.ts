import type { CollectorModule } from '../collector.ts';
import { arp } from './arp.ts';
import { conntrack } from './conntrack.ts';
import { cpufreq } from './cpufreq.ts';
import { cpu } from './cpu.ts';
import { diskstats } from './diskstats.ts';
import { dmi } from './dmi.ts';
import { entropy } from './entropy.ts';
import { filefd } from './filefd.ts';
import { filesystem } from './filesystem.ts';
import { hwmon } from './hwmon.ts';
import { loadavg } from './loadavg.ts';
import { meminfo } from './meminfo.ts';
import { netclass } from './netclass.ts';
import { netdev } from './netdev.ts';
import { netstat } from './netstat.ts';
import { osRelease } from './os-release.ts';
import { portable } from './portable.ts';
import { powerSupply } from './power-supply.ts';
import { pressure } from './pressure.ts';
import { processes } from './processes.ts';
import { schedstat } from './schedstat.ts';
import { selinux } from './selinux.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { stat } from './stat.ts';
import { tcpStates } from './tcp-states.ts';
import { thermalZone } from './thermal-zone.ts';
import { time } from './time.ts';
import { timex } from './timex.ts';
import { udpQueues } from './udp-queues.ts';
import { uname } from './uname.ts';
import { vmstat } from './vmstat.ts';

/** Everything that reads `/proc` and `/sys`. */
export const linuxCollectors: readonly CollectorModule[] = [
  arp,
  conntrack,
  cpu,
  cpufreq,
  diskstats,
  dmi,
  entropy,
  filefd,
  filesystem,
  hwmon,
  loadavg,
  meminfo,
  netclass,
  netdev,
  netstat,
  osRelease,
  powerSupply,
  pressure,
  processes,
  schedstat,
  selinux,
  sockstat,
  softnet,
  stat,
  tcpStates,
  thermalZone,
  time,
  timex,
  udpQueues,
  uname,
  vmstat,
];

/** What is collected on a system, as `process.platform` names it. */
export function collectorsFor(platform: string): readonly CollectorModule[] {
  return platform === 'linux' ? linuxCollectors : [portable];
}
