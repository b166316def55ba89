/**
 * Samples as OpenMetrics text with timestamps. The text knows one NaN: payloads are lost, and staleness markers, which
 * would read back as values, are left out and counted.
 */
import {
  formatValue,
  isStaleMarker,
  METRIC_NAME,
  type LabelSet,
  type MetricMetadata,
} from '@nowcast/model';
import type { SampleRun } from '../block/sample-run.ts';

const CLASSIC_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const CLASSIC_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const COUNTER_SUFFIX = '_total';

export const OPENMETRICS_END = '# EOF\n';

/** Type, unit and help of a family, where known. */
export function formatFamily(metric: string, metadata: MetricMetadata | undefined): string {
  const { type, unit, help } = metadata ?? {};
  // Families of several metrics, such as histograms, are known here by the metrics alone.
  if (type !== 'counter' && type !== 'gauge') return '';
  const counter = type === 'counter';
  if (counter && !metric.endsWith(COUNTER_SUFFIX)) return '';
  const family = counter ? metric.slice(0, -COUNTER_SUFFIX.length) : metric;
  const name = CLASSIC_METRIC.test(family) ? family : quote(family);
  const lines = [`# TYPE ${name} ${type}\n`];
  if (unit !== undefined && family.endsWith(`_${unit}`)) lines.push(`# UNIT ${name} ${unit}\n`);
  if (help !== undefined) lines.push(`# HELP ${name} ${escape(help)}\n`);
  return lines.join('');
}

/** Lines of one series; `skipped` staleness markers are not among them. */
export function formatSamples(
  labels: LabelSet,
  { times, values }: SampleRun,
): { readonly text: string; readonly skipped: number } {
  const name = seriesName(labels);
  const lines: string[] = [];
  let skipped = 0;
  for (let at = 0; at < times.length; at++) {
    const value = values[at] as number;
    if (isStaleMarker(value)) skipped++;
    else lines.push(`${name} ${formatValue(value)} ${seconds(times[at] as number)}\n`);
  }
  return { text: lines.join(''), skipped };
}

function seriesName(labels: LabelSet): string {
  const { metric } = labels;
  const classic = CLASSIC_METRIC.test(metric);
  const parts = metric === '' || classic ? [] : [quote(metric)];
  for (const [name, value] of labels)
    if (name !== METRIC_NAME)
      parts.push(`${CLASSIC_LABEL.test(name) ? name : quote(name)}=${quote(value)}`);
  const list = parts.length === 0 ? '' : `{${parts.join(',')}}`;
  return classic ? `${metric}${list}` : list;
}

/** Milliseconds as decimal seconds that read back as the same milliseconds. */
function seconds(timeMs: number): string {
  if (!Number.isSafeInteger(timeMs))
    return /e/.test(String(timeMs)) ? String(timeMs / 1_000) : `${timeMs}e-3`;
  const digits = String(Math.abs(timeMs)).padStart(4, '0');
  const sign = timeMs < 0 ? '-' : '';
  const fraction = digits.slice(-3).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -3)}${fraction === '' ? '' : `.${fraction}`}`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function quote(text: string): string {
  return `"${escape(text)}"`;
}
