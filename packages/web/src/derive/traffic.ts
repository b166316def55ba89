import { gridOf, lastOf, rateOf, sumAt } from './columns.ts';
import { rateSince, type ChartModel, type Derivation, type MetricReader } from './chart-model.ts';
import type { StreamSeries } from '../state/stream.ts';

/**
 * Two-way traffic of devices: the total as a chart with one way up and one way down, and each device by
 * itself. Devices that only pass on what others carry are left out of the total, or bytes count twice.
 */
export interface TrafficMetrics {
  readonly up: string;
  readonly down: string;
  /** True for a device that belongs in the total. */
  readonly carries: (device: string) => boolean;
}

export const NETWORK: TrafficMetrics = {
  up: 'node_network_receive_bytes_total',
  down: 'node_network_transmit_bytes_total',
  carries: (device) =>
    !/^(lo|veth|docker|br-|virbr|cni|flannel|cali|tun|tap|wg|dummy|ifb|gre|sit|ip6|erspan|tunl|bond|vnet|lxc|team)/.test(
      device,
    ),
};

export const DISKS: TrafficMetrics = {
  up: 'node_disk_read_bytes_total',
  down: 'node_disk_written_bytes_total',
  carries: (device) => !/^(dm-|md|loop|ram|zram|sr|fd)/.test(device),
};

/** Bytes per second of all devices together: `up`, and `down` drawn below zero. */
export function trafficTotal(metrics: TrafficMetrics): Derivation {
  return (source, fromMs): ChartModel => {
    const up = carriers(source.metric(metrics.up), metrics).map((one) => rateSince(one, fromMs));
    const down = carriers(source.metric(metrics.down), metrics).map((one) =>
      rateSince(one, fromMs),
    );
    const timesMs = gridOf([...up, ...down]);
    if (up.length + down.length === 0) return { timesMs, lines: [] };
    return {
      timesMs,
      lines: [
        { id: 'up', values: sumAt(timesMs, up) },
        { id: 'down', values: sumAt(timesMs, down).map((value) => -value) },
      ],
    };
  };
}

function carriers(
  series: readonly StreamSeries[],
  metrics: TrafficMetrics,
): readonly StreamSeries[] {
  const chosen = series.filter(({ labels }) => metrics.carries(labels.get('device')));
  return chosen.length > 0 ? chosen : series;
}

/** The present rate of a counter of one device, NaN where there is none. */
export function deviceRate(source: MetricReader, metric: string, device: string): number {
  const series = source.metric(metric).find(({ labels }) => labels.get('device') === device);
  if (series === undefined) return NaN;
  return lastOf(rateOf(series.samples.since(series.samples.lastMs)).values);
}

export interface NetworkDevice {
  readonly device: string;
  readonly receivePerSecond: number;
  readonly transmitPerSecond: number;
  /** Errors and drops of both ways, per second. */
  readonly faultsPerSecond: number;
  readonly receivedBytes: number;
  readonly transmittedBytes: number;
}

/** Interfaces that carried anything since the machine started, the busiest first. */
export function networkDevices(source: MetricReader): readonly NetworkDevice[] {
  const devices = source.metric(NETWORK.up).map(({ labels, samples }): NetworkDevice => {
    const device = labels.get('device');
    const faults = ['receive_errs', 'transmit_errs', 'receive_drop', 'transmit_drop'].map((kind) =>
      deviceRate(source, `node_network_${kind}_total`, device),
    );
    return {
      device,
      receivePerSecond: deviceRate(source, NETWORK.up, device),
      transmitPerSecond: deviceRate(source, NETWORK.down, device),
      faultsPerSecond: faults.reduce((sum, one) => sum + (one || 0), 0),
      receivedBytes: samples.last,
      transmittedBytes: lastValue(source, NETWORK.down, device),
    };
  });
  return devices
    .filter((one) => one.receivedBytes + one.transmittedBytes > 0)
    .sort((a, b) => b.receivedBytes + b.transmittedBytes - a.receivedBytes - a.transmittedBytes);
}

export interface DiskDevice {
  readonly device: string;
  readonly readPerSecond: number;
  readonly writePerSecond: number;
  /** Share of the time with a request under way, 0 to 1. */
  readonly busy: number;
}

/** Block devices that were ever read or written, the busiest first. */
export function diskDevices(source: MetricReader): readonly DiskDevice[] {
  return source
    .metric(DISKS.up)
    .map(({ labels }) => labels.get('device'))
    .filter(
      (device) =>
        lastValue(source, DISKS.up, device) + lastValue(source, DISKS.down, device) > 0 &&
        !/^(loop|ram|zram|sr|fd)\d/.test(device),
    )
    .map((device) => ({
      device,
      readPerSecond: deviceRate(source, DISKS.up, device),
      writePerSecond: deviceRate(source, DISKS.down, device),
      busy: Math.min(1, deviceRate(source, 'node_disk_io_time_seconds_total', device)),
    }));
}

function lastValue(source: MetricReader, metric: string, device: string): number {
  const series = source.metric(metric).find(({ labels }) => labels.get('device') === device);
  return series?.samples.last ?? NaN;
}
