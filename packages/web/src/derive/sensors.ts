import { alignTo, gridOf } from './columns.ts';
import type { ChartModel, MetricReader } from './chart-model.ts';
import type { StreamSeries } from '../state/stream.ts';

export interface Sensor {
  readonly id: string;
  readonly name: string;
  readonly value: number;
}

const LINES_MAX = 6;

/** Temperatures by the names the kernel knows, the hottest first. */
export function temperatures(source: MetricReader): readonly (Sensor & { series: StreamSeries })[] {
  const found = [
    ...source.metric('node_hwmon_temp_celsius').map((series) => ({
      id: `${series.labels.get('chip')}/${series.labels.get('sensor')}`,
      name: hwmonName(source, series),
      value: series.samples.last,
      series,
    })),
    ...source.metric('node_thermal_zone_temp').map((series) => ({
      id: `zone${series.labels.get('zone')}`,
      name: `${series.labels.get('type')} ${series.labels.get('zone')}`,
      value: series.samples.last,
      series,
    })),
  ];
  return found.filter(({ value }) => Number.isFinite(value)).sort((a, b) => b.value - a.value);
}

/** The courses of the hottest sensors, in an order that does not change with each degree. */
export function temperatureCourse(source: MetricReader, fromMs: number): ChartModel {
  const chosen = temperatures(source)
    .slice(0, LINES_MAX)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ name, series }) => ({ name, column: series.samples.since(fromMs) }));
  const timesMs = gridOf(chosen.map(({ column }) => column));
  return {
    timesMs,
    lines: chosen.map(({ name, column }) => ({ id: name, values: alignTo(timesMs, column) })),
  };
}

export function fans(source: MetricReader): readonly Sensor[] {
  return source.metric('node_hwmon_fan_rpm').map((series) => ({
    id: `${series.labels.get('chip')}/${series.labels.get('sensor')}`,
    name: hwmonName(source, series),
    value: series.samples.last,
  }));
}

export function powers(source: MetricReader): readonly Sensor[] {
  return ['node_hwmon_power_average_watt', 'node_hwmon_power_watt', 'node_power_supply_power_watt']
    .flatMap((name) => source.metric(name))
    .map((series) => ({
      id: series.labels.key,
      name: series.labels.get('power_supply') || hwmonName(source, series),
      value: series.samples.last,
    }));
}

function hwmonName(source: MetricReader, { labels }: StreamSeries): string {
  const chip = labels.get('chip');
  const sensor = labels.get('sensor');
  const label = source
    .metric('node_hwmon_sensor_label')
    .find((one) => one.labels.get('chip') === chip && one.labels.get('sensor') === sensor);
  const chipName = source
    .metric('node_hwmon_chip_names')
    .find((one) => one.labels.get('chip') === chip);
  const where = chipName?.labels.get('chip_name') || chip;
  return `${where} ${label?.labels.get('label') || sensor}`;
}
