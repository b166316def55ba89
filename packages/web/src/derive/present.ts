import { lastOf, rateOf } from './columns.ts';
import type { ChartModel, MetricReader } from './chart-model.ts';

/** The newest known value of a line, NaN where there is none. */
export function lastOfLine(model: ChartModel | undefined, id: string): number {
  const line = model?.lines.find((one) => one.id === id);
  return line === undefined ? NaN : lastOf(line.values);
}

/** The newest value of a metric's first series. */
export function lastValue(source: MetricReader, metric: string): number {
  return source.metric(metric)[0]?.samples.last ?? NaN;
}

/** The present per-second rate of a counter, over its last two samples. */
export function lastRate(source: MetricReader, metric: string): number {
  const samples = source.metric(metric)[0]?.samples;
  return samples === undefined ? NaN : lastOf(rateOf(samples.since(samples.lastMs)).values);
}

/** A label of a metric's first series, '' where there is none. */
export function labelOf(source: MetricReader, metric: string, label: string): string {
  return source.metric(metric)[0]?.labels.get(label) ?? '';
}
