/**
 * A store as text, piece by piece: memory holds labels and one day of one series, however much there is. JSON lines
 * come day by day, so that they can be read back in order of time; OpenMetrics wants a metric's samples together.
 */
import type { TimeRange } from '@nowcast/model';
import { formatJsonLine } from './json-lines.ts';
import { formatFamily, formatSamples, OPENMETRICS_END } from './openmetrics-writer.ts';
import type { StoreSnapshot } from './store-snapshot.ts';
import {
  daysOf,
  findSeries,
  rangeOf,
  type SeriesFilter,
  type StoredSeries,
} from './stored-series.ts';

export const EXPORT_FORMATS = ['jsonl', 'openmetrics'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly filter?: SeriesFilter | undefined;
  /** A part of the store that could not be read; the rest goes on. */
  readonly onDamage?: ((message: string) => void) | undefined;
}

/** What has been written, counted while the pieces are taken. */
export interface ExportCount {
  samples: number;
  series: number;
  /** Staleness markers that OpenMetrics has no form for. */
  skipped: number;
  /** Series read so far and in all; of each day for JSON lines. */
  done: number;
  total: number;
}

const PIECE_CHARACTERS = 65_536;

export function emptyCount(): ExportCount {
  return { samples: 0, series: 0, skipped: 0, done: 0, total: 0 };
}

/** Pieces of text, ready to write one after the other; `count` is kept up to date. */
export function* exportStore(
  snapshot: StoreSnapshot,
  options: ExportOptions,
  count: ExportCount = emptyCount(),
): IterableIterator<string> {
  const { format, filter = {}, onDamage } = options;
  const found = findSeries(snapshot, filter, onDamage);
  const days = [...daysOf(snapshot, rangeOf(filter))];
  count.total = found.length * days.length;
  const lines =
    format === 'jsonl'
      ? jsonLines(snapshot, { found, days, count })
      : openMetrics(snapshot, { found, days, count });
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

interface Work {
  readonly found: readonly StoredSeries[];
  readonly days: readonly TimeRange[];
  readonly count: ExportCount;
}

function* jsonLines(
  snapshot: StoreSnapshot,
  { found, days, count }: Work,
): IterableIterator<string> {
  const met = new Set<StoredSeries>();
  for (const day of days) {
    for (const series of found) {
      const run = series.read(day);
      count.done++;
      if (run.times.length === 0) continue;
      count.series = met.add(series).size;
      count.samples += run.times.length;
      yield formatJsonLine(series.labels, run);
    }
    for (const { reader } of snapshot.blocks) reader.unload();
  }
}

function* openMetrics(
  { metadata }: StoreSnapshot,
  { found, days, count }: Work,
): IterableIterator<string> {
  const byMetric = found.toSorted((a, b) =>
    a.labels.metric < b.labels.metric ? -1 : a.labels.metric > b.labels.metric ? 1 : 0,
  );
  let metric: string | undefined;
  for (const series of byMetric) {
    let any = false;
    for (const day of days) {
      const run = series.read(day);
      count.done++;
      if (run.times.length === 0) continue;
      const { text, skipped } = formatSamples(series.labels, run);
      count.samples += run.times.length - skipped;
      count.skipped += skipped;
      if (text === '') continue;
      if (series.labels.metric !== metric) {
        metric = series.labels.metric;
        yield formatFamily(metric, metadata.get(metric));
      }
      any = true;
      yield text;
    }
    if (any) count.series++;
  }
  yield OPENMETRICS_END;
}
