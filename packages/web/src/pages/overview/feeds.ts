import { Feed, type PastFeed } from '../../charts/feed.ts';
import type { ChartStyle } from '../../charts/chart-style.ts';
import {
  gauges,
  rates,
  timeShares,
  type ChartModel,
  type MetricReader,
} from '../../derive/chart-model.ts';
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
import type { PastStream } from '../../state/past-stream.ts';
import { LIVE_MINUTES_MAX } from '../../state/preferences.ts';
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

type Derive<T> = (source: MetricReader, fromMs: number) => T;

export function createFeeds(view: HostView, overview: Overview): OverviewFeeds {
  const windowMinutes = (): number => overview.windowMinutes.peek();
  const feed = <T>(topic: TopicName, compute: (stream: Stream, fromMs: number) => T): Feed<T> =>
    new Feed(view.stream(topic), compute, {
      windowMs: () => Math.min(windowMinutes(), LIVE_MINUTES_MAX) * 60_000,
      nowMs: () => overview.serverNowMs(),
      staleAfterMs: staleAfterMs(TOPICS[topic].everyMs),
    });
  const chart = <T>(topic: TopicName, derive: Derive<T>): Feed<T> =>
    new Feed<T>(view.stream(topic), derive, {
      windowMs: () => windowMinutes() * 60_000,
      past: () => pastFeed(view.past(topic, windowMinutes()), derive),
      nowMs: () => overview.serverNowMs(),
      staleAfterMs: staleAfterMs(TOPICS[topic].everyMs),
    });
  return {
    cpu: chart('cpu', cpuModes),
    cores: chart('cpu', coreHeat),
    memory: chart('memory', memoryUse),
    memoryStyle: memoryStyle(() => memoryFacts(view.stream('memory')).totalBytes),
    load: chart('load', gauges({ one: 'node_load1', five: 'node_load5', fifteen: 'node_load15' })),
    pressure: chart(
      'pressure',
      timeShares({
        cpu: 'node_pressure_cpu_waiting_seconds_total',
        memory: 'node_pressure_memory_waiting_seconds_total',
        io: 'node_pressure_io_waiting_seconds_total',
      }),
    ),
    network: chart('network', trafficTotal(NETWORK)),
    interfaces: feed('network', networkDevices),
    diskio: chart('diskio', trafficTotal(DISKS)),
    disks: feed('diskio', diskDevices),
    space: feed('space', fileSystems),
    sockets: chart(
      'sockets',
      gauges({ established: 'node_netstat_Tcp_CurrEstab', timewait: 'node_sockstat_TCP_tw' }),
    ),
    socketRates: chart(
      'sockets',
      rates({
        active: 'node_netstat_Tcp_ActiveOpens',
        passive: 'node_netstat_Tcp_PassiveOpens',
        retransmits: 'node_netstat_Tcp_RetransSegs',
      }),
    ),
    sensors: chart('sensors', temperatureCourse),
    processes: feed('processes', processSummary),
    system: feed('system', (stream) => stream.version),
  };
}

function pastFeed<T>(past: PastStream | undefined, derive: Derive<T>): PastFeed<T> | undefined {
  if (past === undefined) return undefined;
  return {
    stepMs: past.stepMs,
    get version() {
      return past.version;
    },
    get failed() {
      return past.phase.peek() === 'failed';
    },
    follow: () => past.follow(),
    compute: (fromMs) => (past.phase.peek() === 'ready' ? derive(past, fromMs) : undefined),
  };
}
