import { Feed } from '../../charts/feed.ts';
import type { ChartStyle } from '../../charts/chart-style.ts';
import { gauges, rates, timeShares, type ChartModel } from '../../derive/chart-model.ts';
import { coreHeat, cpuModes, type CoreHeat } from '../../derive/cpu.ts';
import { fileSystems, type FileSystem } from '../../derive/filesystems.ts';
import { memoryFacts, memoryUse } from '../../derive/memory.ts';
import { processSummary, type ProcessSummary } from '../../derive/processes.ts';
import { temperatureCourse } from '../../derive/sensors.ts';
import {
  diskDevices,
  DISKS,
  NETWORK,
  networkDevices,
  trafficTotal,
  type DiskDevice,
  type NetworkDevice,
} from '../../derive/traffic.ts';
import type { HostView } from '../../state/host-view.ts';
import type { Overview } from '../../state/overview.ts';
import type { Stream } from '../../state/stream.ts';
import { TOPICS, type TopicName } from '../../state/topics.ts';
import { memoryStyle } from '../../tiles/memory-tile.tsx';
import { staleAfterMs } from '../../tiles/freshness.ts';

/** What the tiles show of one host, each derived once however many places show it. */
export interface OverviewFeeds {
  readonly cpu: Feed<ChartModel>;
  readonly cores: Feed<CoreHeat>;
  readonly memory: Feed<ChartModel>;
  readonly memoryStyle: ChartStyle;
  readonly load: Feed<ChartModel>;
  readonly pressure: Feed<ChartModel>;
  readonly network: Feed<ChartModel>;
  readonly interfaces: Feed<readonly NetworkDevice[]>;
  readonly diskio: Feed<ChartModel>;
  readonly disks: Feed<readonly DiskDevice[]>;
  readonly space: Feed<readonly FileSystem[]>;
  readonly sockets: Feed<ChartModel>;
  readonly socketRates: Feed<ChartModel>;
  readonly sensors: Feed<ChartModel>;
  readonly processes: Feed<ProcessSummary>;
  /** Read from the stream itself; the feed says when. */
  readonly system: Feed<number>;
}

export function createFeeds(view: HostView, overview: Overview): OverviewFeeds {
  const feed = <T>(topic: TopicName, compute: (stream: Stream, fromMs: number) => T): Feed<T> =>
    new Feed(view.stream(topic), compute, {
      windowMs: () => overview.windowMinutes.peek() * 60_000,
      nowMs: () => overview.serverNowMs(),
      staleAfterMs: staleAfterMs(TOPICS[topic].everyMs),
    });
  return {
    cpu: feed('cpu', cpuModes),
    cores: feed('cpu', coreHeat),
    memory: feed('memory', memoryUse),
    memoryStyle: memoryStyle(() => memoryFacts(view.stream('memory')).totalBytes),
    load: feed('load', gauges({ one: 'node_load1', five: 'node_load5', fifteen: 'node_load15' })),
    pressure: feed(
      'pressure',
      timeShares({
        cpu: 'node_pressure_cpu_waiting_seconds_total',
        memory: 'node_pressure_memory_waiting_seconds_total',
        io: 'node_pressure_io_waiting_seconds_total',
      }),
    ),
    network: feed('network', trafficTotal(NETWORK)),
    interfaces: feed('network', networkDevices),
    diskio: feed('diskio', trafficTotal(DISKS)),
    disks: feed('diskio', diskDevices),
    space: feed('space', fileSystems),
    sockets: feed(
      'sockets',
      gauges({ established: 'node_netstat_Tcp_CurrEstab', timewait: 'node_sockstat_TCP_tw' }),
    ),
    socketRates: feed(
      'sockets',
      rates({
        active: 'node_netstat_Tcp_ActiveOpens',
        passive: 'node_netstat_Tcp_PassiveOpens',
        retransmits: 'node_netstat_Tcp_RetransSegs',
      }),
    ),
    sensors: feed('sensors', temperatureCourse),
    processes: feed('processes', processSummary),
    system: feed('system', (stream) => stream.version),
  };
}
