/** What `store info` shows on a terminal. */
import type { StoreInfo } from '@nowcast/hub/store';
import { formatNumber } from '../tail/number-text.ts';
import type { TextStyle } from '../text-style.ts';
import { padEnd, padStart, printable, truncate, widthOf } from '../text-width.ts';
import { formatAmount, formatPeriod, formatTime } from './amount-text.ts';

const NAME_WIDTH_MAX = 48;

export function formatInfo(info: StoreInfo, style: TextStyle): string {
  const { blocks, wal, rollups } = info;
  const rows: (readonly [string, string])[] = [
    ['Series', formatAmount(info.series)],
    ['Samples', formatAmount(info.samples)],
    ['On disk', `${bytes(blocks.bytes + rollups.bytes + wal.bytes)}${perSample(info)}`],
    ['Time', span(info)],
    ['Blocks', part(blocks.count, 'block', [bytes(blocks.bytes), samples(blocks.samples)])],
  ];
  if (rollups.count > 0)
    rows.push(['Rollups', part(rollups.count, 'block', [bytes(rollups.bytes)])]);
  const head = [bytes(wal.bytes), samples(wal.samples), `${bytes(wal.headBytes)} in memory`];
  rows.push(['WAL', part(wal.segments, 'segment', head)]);
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  const lines = [
    '',
    `  ${style.green('●')} ${style.bold('Store')}  ${printable(info.directory)}`,
    '',
    ...rows.map(([name, text]) => `  ${style.dim(padEnd(name, width))}  ${text}`),
  ];
  if (info.lostBlocks > 0)
    lines.push(
      '',
      `  ${style.red(`${info.lostBlocks} blocks cannot be read; see nowcast store verify`)}`,
    );
  lines.push(...table(['Label', 'values', 'series'], info.labels.map(labelRow), style));
  lines.push(...table(['Metric', 'series'], info.metrics.map(metricRow), style));
  return `${lines.join('\n')}\n\n`;
}

function labelRow(label: StoreInfo['labels'][number]): string[] {
  return [label.name, String(label.values), String(label.series)];
}

function metricRow(metric: StoreInfo['metrics'][number]): string[] {
  return [metric.name, String(metric.series)];
}

/** The first column to the left, numbers to the right. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: TextStyle,
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.map(([name = '', ...numbers]) => [
    truncate(printable(name), NAME_WIDTH_MAX),
    ...numbers,
  ]);
  const widths = head.map((title, at) =>
    Math.max(widthOf(title), ...shown.map((row) => widthOf(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? padEnd : padStart)(cell, widths[at] as number)).join('  ');
  return ['', `  ${style.dim(line(head))}`, ...shown.map((row) => `  ${line(row)}`)];
}

function part(count: number, noun: string, facts: readonly string[]): string {
  if (count === 0) return 'none';
  return [`${count} ${noun}${count === 1 ? '' : 's'}`, ...facts].join(' · ');
}

function samples(count: number): string {
  return `${formatAmount(count)} samples`;
}

function bytes(count: number): string {
  return formatNumber(count, 'bytes');
}

function perSample({ bytesPerSample }: StoreInfo): string {
  return bytesPerSample === undefined
    ? ''
    : ` · ${bytesPerSample.toFixed(2)} bytes a sample in blocks`;
}

function span({ oldestMs, newestMs }: StoreInfo): string {
  if (oldestMs === undefined || newestMs === undefined) return 'empty';
  const period = formatPeriod(newestMs - oldestMs);
  return `${formatTime(oldestMs)} to ${formatTime(newestMs)} · ${period}`;
}
