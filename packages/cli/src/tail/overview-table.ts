/** The overview of `nowcast tail`: one row a host, and under it what is wrong. */
import type { HostOverview, PlainOverview } from '@nowcast/protocol';
import type { TextStyle } from '../text-style.ts';
import { padEnd, padStart, printable, truncate, widthOf } from '../text-width.ts';
import { formatAge, formatNumber } from './number-text.ts';

interface Column {
  readonly title: string;
  readonly text: (host: HostOverview) => string;
  /** Share of what there is, where a high one deserves a colour. */
  readonly percent?: (host: HostOverview) => number | undefined;
}

const WARN_PERCENT = 80;
const ALARM_PERCENT = 95;

const percentColumn = (
  title: string,
  read: (host: HostOverview) => number | undefined,
): Column => ({
  title,
  text: (host) => show(read(host), (value) => `${value.toFixed(1)} %`),
  percent: read,
});

const rateColumn = (title: string, read: (host: HostOverview) => number | undefined): Column => ({
  title,
  text: (host) => show(read(host), (value) => `${formatNumber(Math.round(value), 'bytes')}/s`),
});

const COLUMNS: readonly Column[] = [
  { title: 'HOST', text: (host) => printable(host.instance) },
  percentColumn('CPU', (host) => host.cpuPercent),
  { title: 'LOAD', text: (host) => show(host.load1, (value) => value.toFixed(2)) },
  percentColumn('MEMORY', (host) => host.memoryPercent),
  percentColumn('DISK', (host) => host.diskPercent),
  rateColumn('READ', (host) => host.diskReadBytesPerSecond),
  rateColumn('WRITE', (host) => host.diskWriteBytesPerSecond),
  rateColumn('NET IN', (host) => host.networkReceiveBytesPerSecond),
  rateColumn('NET OUT', (host) => host.networkTransmitBytesPerSecond),
  {
    title: 'TEMP',
    text: (host) => show(host.temperatureCelsius, (value) => `${Math.round(value)} °C`),
  },
  { title: 'AGE', text: (host) => formatAge(host.ageMs) },
];

/** @param columns width of the terminal; columns at the right give way when it is narrow. */
export function renderOverview(
  overview: PlainOverview,
  columns: number,
  style: TextStyle,
): readonly string[] {
  const used = COLUMNS.filter(
    ({ title, text }) => title === 'HOST' || overview.hosts.some((host) => text(host) !== ''),
  );
  const widths = used.map(({ title, text }) =>
    Math.max(widthOf(title), ...overview.hosts.map((host) => widthOf(text(host)))),
  );
  const fitting = countFitting(widths, columns);
  const shown = used.slice(0, fitting);
  const cell = (text: string, at: number): string =>
    at === 0 ? padEnd(text, widths[at] ?? 0) : padStart(text, widths[at] ?? 0);
  const head = shown.map(({ title }, at) => cell(title, at)).join('  ');
  const rows = overview.hosts.map((host) =>
    shown
      .map((column, at) => paint(cell(column.text(host), at), column.percent?.(host), style))
      .join('  '),
  );
  const health =
    overview.health.length === 0
      ? [style.green('✓ all is well')]
      : overview.health.map((line) => style.yellow(truncate(`! ${printable(line)}`, columns)));
  return [style.dim(head), ...rows, '', ...health];
}

function countFitting(widths: readonly number[], columns: number): number {
  let used = 0;
  for (const [at, width] of widths.entries()) {
    used += width + (at === 0 ? 0 : 2);
    if (used > columns) return Math.max(1, at);
  }
  return widths.length;
}

function paint(text: string, percent: number | undefined, style: TextStyle): string {
  if (percent === undefined || percent < WARN_PERCENT) return text;
  return percent < ALARM_PERCENT ? style.yellow(text) : style.red(text);
}

function show(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '' : format(value);
}
