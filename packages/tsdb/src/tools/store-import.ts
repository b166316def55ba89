/**
 * Text into a store, line by line, in bounded memory. A line that cannot be read is named with its number and costs
 * only itself. What was durable before an end at any moment stays, and importing the same lines again adds nothing.
 */
import { CodedError, matchesAll, type Appender, type LabelSet, type Matcher } from '@nowcast/model';
import type { SampleRun } from '../block/sample-run.ts';
import { parseJsonLine } from './json-lines.ts';
import { OpenMetricsReader } from './openmetrics-reader.ts';
import type { ExportFormat } from './store-export.ts';
import { messageOf } from './store-snapshot.ts';
import { rangeOf, type SeriesFilter } from './stored-series.ts';
import { linesOf } from './text-lines.ts';

export interface ImportOptions {
  /** Found out by the lines themselves when not given. */
  readonly format?: ExportFormat | undefined;
  readonly filter?: SeriesFilter | undefined;
  readonly onBadLine?: ((line: number, reason: string) => void) | undefined;
}

export interface ImportCount {
  lines: number;
  badLines: number;
  accepted: number;
  /** There already, with the same value. */
  duplicate: number;
  overwritten: number;
  /** Older than the store keeps. */
  tooOld: number;
}

/** Samples after which the import waits until all is durable: what a crash can cost, and what memory holds. */
const COMMIT_SAMPLES = 65_536;
export function emptyImport(): ImportCount {
  return { lines: 0, badLines: 0, accepted: 0, duplicate: 0, overwritten: 0, tooOld: 0 };
}

/**
 * Appends what the text says; resolves when it is durable. `count` is kept up to date.
 * @throws {CodedError} `store-unavailable` when the disk is full or fails, `series-limit`
 */
export async function importStore(
  store: Appender & { maintain(): Promise<void> },
  text: AsyncIterable<string>,
  options: ImportOptions = {},
  count: ImportCount = emptyImport(),
): Promise<ImportCount> {
  const writer = new ImportWriter(store, options, count);
  for await (const line of linesOf(text)) {
    writer.line(line);
    if (writer.commitDue) await writer.commit();
  }
  await writer.commit();
  return count;
}

class ImportWriter {
  readonly #store: Appender & { maintain(): Promise<void> };
  readonly #options: ImportOptions;
  readonly #count: ImportCount;
  readonly #reader = new OpenMetricsReader();
  readonly #refs = new Uint32Array(1);
  readonly #values = new Float64Array(1);
  #format: ExportFormat | undefined;
  #uncommitted = 0;

  constructor(
    store: Appender & { maintain(): Promise<void> },
    options: ImportOptions,
    count: ImportCount,
  ) {
    this.#store = store;
    this.#options = options;
    this.#count = count;
  }

  get commitDue(): boolean {
    return this.#uncommitted >= COMMIT_SAMPLES;
  }

  async commit(): Promise<void> {
    await this.#store.flushed();
    // Seals when enough has come together, and holds the import back while that happens.
    await this.#store.maintain();
    this.#uncommitted = 0;
  }

  /** Takes the next line; undefined for one that is too long to be an export's. */
  line(line: string | undefined): void {
    this.#count.lines++;
    if (line?.trim() === '') return;
    try {
      if (line === undefined) throw new Error('it is too long');
      const format = this.#options.format ?? formatOf(line) ?? this.#format ?? 'openmetrics';
      if (format === 'jsonl') this.#jsonLine(line);
      else this.#openMetrics(line);
      // Bad lines are told in the words of the format the good ones have.
      this.#format = format;
    } catch (error) {
      if (error instanceof CodedError) throw error;
      this.#count.badLines++;
      this.#options.onBadLine?.(this.#count.lines, messageOf(error));
    }
  }

  #jsonLine(line: string): void {
    const { labels, run } = parseJsonLine(line);
    if (!this.#wanted(labels)) return;
    this.#refs[0] = this.#store.series(labels);
    this.#append(run);
  }

  #openMetrics(line: string): void {
    const sample = this.#reader.read(line);
    if (sample === undefined || !this.#wanted(sample.labels)) return;
    const { labels, timeMs, value } = sample;
    this.#refs[0] = this.#store.series(labels, this.#reader.metadataOf(labels.metric));
    this.#append({ times: Float64Array.of(timeMs), values: Float64Array.of(value) });
  }

  #append({ times, values }: SampleRun): void {
    const { startMs, endMs } = rangeOf(this.#options.filter ?? {});
    const count = this.#count;
    for (let at = 0; at < times.length; at++) {
      const timeMs = times[at] as number;
      if (timeMs < startMs || timeMs > endMs) continue;
      // A view, not a number: a NaN keeps its bits.
      const value = values.subarray(at, at + 1);
      this.#values.set(value);
      const outcome = this.#store.append(timeMs, this.#refs, this.#values);
      count.accepted += outcome.accepted;
      count.duplicate += outcome.duplicate;
      count.overwritten += outcome.overwritten;
      count.tooOld += outcome.tooOld;
      this.#uncommitted++;
    }
  }

  #wanted(labels: LabelSet): boolean {
    const sets: readonly (readonly Matcher[])[] = this.#options.filter?.matcherSets ?? [];
    return sets.length === 0 || sets.some((set) => matchesAll(set, labels));
  }
}

/** JSON has a colon after its first name, OpenMetrics has none there. */
function formatOf(line: string): ExportFormat | undefined {
  return /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(line) ? 'jsonl' : undefined;
}
