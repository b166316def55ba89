import {
  type Appender,
  codeOf,
  type LabelSet,
  type MetricMetadata,
  type SeriesRef,
} from '@nowcast/model';
import type { MetadataBook } from './metadata-book.ts';
import { type SeriesCache, UNKNOWN_SERIES } from './series-cache.ts';
import type { WriteBatch } from './write-batch.ts';
import { LABEL_TAG, readLabels, type UntakenKind, type WriteSink } from './write-sink.ts';

export interface SinkParts {
  readonly appender: Appender;
  readonly metadata: MetadataBook;
  readonly known: SeriesCache;
  readonly batch: WriteBatch;
}

/** Collects the samples of one request and counts what cannot be taken. */
export class RequestSink implements WriteSink {
  readonly #parts: SinkParts;
  readonly #known: SeriesCache;
  readonly #batch: WriteBatch;
  readonly #latestMs: number;
  #ref: SeriesRef = UNKNOWN_SERIES;
  #tooFarAhead = 0;
  #histograms = 0;
  #withoutSeries = 0;
  #seriesRefusal = '';

  /** @param latestMs samples later than this are not taken. */
  constructor(parts: SinkParts, latestMs: number) {
    this.#parts = parts;
    this.#known = parts.known;
    this.#batch = parts.batch;
    this.#latestMs = latestMs;
  }

  expected(view: DataView, from: number, limit: number): number {
    const end = this.#known.expect(view, from, limit);
    // One more label after those that are known: another series.
    if (end < 0 || (end < limit && view.getUint8(end) === LABEL_TAG)) return -1;
    this.#ref = this.#known.refFound;
    return end;
  }

  series(view: DataView, from: number, to: number): void {
    const known = this.#known.find(view, from, to);
    this.#ref = known === UNKNOWN_SERIES ? this.#create(view, from, to) : known;
  }

  sample(timeMs: number, low: number, high: number): void {
    if (this.#ref === UNKNOWN_SERIES) this.#withoutSeries++;
    else if (timeMs > this.#latestMs) this.#tooFarAhead++;
    else this.#batch.add(timeMs, this.#ref, low, high);
  }

  untaken(kind: UntakenKind): void {
    if (kind === 'histogram') this.#histograms++;
  }

  metadata(metric: string, metadata: MetricMetadata): void {
    this.#parts.metadata.note(metric, metadata);
  }

  /** What was not taken and why; empty when everything was. `tooOld` is what the store refused. */
  refused(tooOld: number): string {
    const parts: string[] = [];
    if (tooOld > 0) parts.push(`${tooOld} samples are older than the store keeps`);
    if (this.#tooFarAhead > 0)
      parts.push(`${this.#tooFarAhead} samples are too far ahead of the server's clock`);
    if (this.#histograms > 0)
      parts.push(
        `${this.#histograms} native histograms were left out (native-histogram: they are not supported)`,
      );
    if (this.#withoutSeries > 0)
      parts.push(`${this.#withoutSeries} samples were left out: ${this.#seriesRefusal}`);
    return parts.join('; ');
  }

  #create(view: DataView, from: number, to: number): SeriesRef {
    try {
      const labels = readLabels(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
      const ref = this.#refOf(labels);
      this.#known.add(view, { from, to }, ref);
      return ref;
    } catch (error) {
      if (codeOf(error) !== 'series-limit' && !(error instanceof RangeError)) throw error;
      this.#seriesRefusal = error instanceof Error ? error.message : String(error);
      return UNKNOWN_SERIES;
    }
  }

  #refOf(labels: LabelSet): SeriesRef {
    const { appender, metadata } = this.#parts;
    return appender.series(labels, metadata.get(labels.metric));
  }
}
