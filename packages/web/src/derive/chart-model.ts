import { gridOf, rateOf, sumAt } from './columns.ts';
import type { Column } from '../state/sample-column.ts';
import type { StreamSeries } from '../state/stream.ts';

/** What a chart draws: lines over shared times. `id` names a line for its colour and its text. */
export interface ChartModel {
  /** Milliseconds since the Unix epoch, rising. */
  readonly timesMs: Float64Array;
  readonly lines: readonly ChartLine[];
}

export interface ChartLine {
  readonly id: string;
  /** As long as the model's times; NaN where nothing is known. */
  readonly values: Float64Array;
}

/** What a derivation reads: the metrics of a stream. */
export interface MetricReader {
  metric(name: string): readonly StreamSeries[];
}

/** A derivation: what a chart shows of the samples since `fromMs`. */
export type Derivation = (source: MetricReader, fromMs: number) => ChartModel;

export const EMPTY_MODEL: ChartModel = { timesMs: new Float64Array(0), lines: [] };

/** Samples as they are, one line per metric, summed over a metric's series. */
export function gauges(lines: Readonly<Record<string, string>>): Derivation {
  return (source, fromMs) => modelOf(source, lines, (series) => series.samples.since(fromMs));
}

/**
 * Shares of time out of counters of seconds, 0 to 1. The kernel's count and our clock are read one after the
 * other, so a full second can look like a little more.
 */
export function timeShares(lines: Readonly<Record<string, string>>): Derivation {
  const derive = rates(lines);
  return (source, fromMs) => {
    const model = derive(source, fromMs);
    return {
      ...model,
      lines: model.lines.map(({ id, values }) => ({
        id,
        values: values.map((value) => Math.min(1, value)),
      })),
    };
  };
}

/** Per-second rates of counters, one line per metric, summed over a metric's series. */
export function rates(lines: Readonly<Record<string, string>>): Derivation {
  return (source, fromMs) => modelOf(source, lines, (series) => rateSince(series, fromMs));
}

export function rateSince(series: StreamSeries, fromMs: number): Column {
  return rateOf(series.samples.since(fromMs));
}

function modelOf(
  source: MetricReader,
  lines: Readonly<Record<string, string>>,
  read: (series: StreamSeries) => Column,
): ChartModel {
  const present = Object.entries(lines)
    .map(([id, metric]) => ({ id, columns: source.metric(metric).map(read) }))
    .filter(({ columns }) => columns.length > 0);
  const timesMs = gridOf(present.flatMap(({ columns }) => columns));
  return {
    timesMs,
    lines: present.map(({ id, columns }) => ({ id, values: sumAt(timesMs, columns) })),
  };
}
