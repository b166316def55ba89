/**
 * Remote write: decode, append, and answer only when the samples are durable. What can be taken is taken;
 * what cannot is counted and named in the answer, with a status that tells the sender not to repeat it.
 */
import {
  type Appender,
  codeOf,
  type LabelSet,
  type MetricMetadata,
  type SeriesRef,
} from '@nowcast/model';
import { ProtobufError } from './protobuf-reader.ts';
import { snappyDecompress, SnappyError } from './snappy.ts';
import { WriteBatch } from './write-batch.ts';
import { decodeWriteRequest, type WriteSink } from './write-decoder.ts';

export interface RemoteWriteOptions {
  readonly appender: Appender;
  readonly nowMs: () => number;
  readonly decompressedBytesMax: number;
  /** How far ahead of the clock a sample may be. */
  readonly futureMs: number;
}

export interface WriteAnswer {
  /** 204 all taken; 400 some or all can never be taken; 503 try again later. */
  readonly status: 204 | 400 | 413 | 415 | 503;
  readonly message: string;
  readonly samplesWritten: number;
}

/** Series whose refs are remembered between requests; past it the memory starts anew. */
const KNOWN_MAX = 500_000;

const UNKNOWN: SeriesRef = -1;

export class RemoteWriter {
  readonly #options: RemoteWriteOptions;
  readonly #known = new Map<string, SeriesRef>();

  constructor(options: RemoteWriteOptions) {
    this.#options = options;
  }

  /** @param body snappy-compressed `prometheus.WriteRequest`. */
  async write(body: Uint8Array): Promise<WriteAnswer> {
    let outcome: WriteOutcome;
    try {
      outcome = this.#append(snappyDecompress(body, this.#options.decompressedBytesMax));
    } catch (error) {
      return refusal(error);
    }
    try {
      await this.#options.appender.flushed();
    } catch (error) {
      if (codeOf(error) === 'store-unavailable') return { ...answer(503, messageOf(error)) };
      throw error;
    }
    return outcome.refused === ''
      ? { status: 204, message: '', samplesWritten: outcome.written }
      : { status: 400, message: outcome.refused, samplesWritten: outcome.written };
  }

  #append(message: Uint8Array): WriteOutcome {
    try {
      return this.#appendOnce(message);
    } catch (error) {
      if (codeOf(error) !== 'series-expired') throw error;
      // The store gave up idle series whose refs are remembered here: ask for all of them again.
      this.#known.clear();
      return this.#appendOnce(message);
    }
  }

  #appendOnce(message: Uint8Array): WriteOutcome {
    const { appender, nowMs, futureMs } = this.#options;
    const sink = new BatchSink(appender, this.#known, nowMs() + futureMs);
    decodeWriteRequest(message, sink);
    const outcome = sink.batch.appendTo(appender);
    if (this.#known.size > KNOWN_MAX) this.#known.clear();
    const written = outcome.accepted + outcome.duplicate + outcome.overwritten;
    return { written, refused: describeRefused(sink, outcome.tooOld) };
  }
}

interface WriteOutcome {
  readonly written: number;
  /** What was not taken and why; empty when everything was. */
  readonly refused: string;
}

/** Collects a request's samples and counts what cannot be taken. */
class BatchSink implements WriteSink {
  readonly batch = new WriteBatch();
  readonly #appender: Appender;
  readonly #known: Map<string, SeriesRef>;
  readonly #latestMs: number;
  readonly #metadata = new Map<string, MetricMetadata>();
  #ref: SeriesRef = UNKNOWN;
  tooFarAhead = 0;
  histograms = 0;
  withoutSeries = 0;
  seriesRefusal = '';

  constructor(appender: Appender, known: Map<string, SeriesRef>, latestMs: number) {
    this.#appender = appender;
    this.#known = known;
    this.#latestMs = latestMs;
  }

  series(key: string, labels: () => LabelSet): void {
    const known = this.#known.get(key);
    this.#ref = known ?? this.#create(key, labels());
  }

  sample(timeMs: number, value: Float64Array): void {
    if (this.#ref === UNKNOWN) this.withoutSeries++;
    else if (timeMs > this.#latestMs) this.tooFarAhead++;
    else this.batch.add(timeMs, this.#ref, value);
  }

  histogram(): void {
    this.histograms++;
  }

  metadata(metric: string, metadata: MetricMetadata): void {
    this.#metadata.set(metric, metadata);
  }

  #create(key: string, labels: LabelSet): SeriesRef {
    try {
      const ref = this.#appender.series(labels, this.#metadata.get(labels.metric));
      this.#known.set(key, ref);
      return ref;
    } catch (error) {
      if (codeOf(error) !== 'series-limit') throw error;
      this.seriesRefusal = messageOf(error);
      return UNKNOWN;
    }
  }
}

function describeRefused(sink: BatchSink, tooOld: number): string {
  const parts: string[] = [];
  if (tooOld > 0) parts.push(`${tooOld} samples are older than the store keeps`);
  if (sink.tooFarAhead > 0)
    parts.push(`${sink.tooFarAhead} samples are too far ahead of the server's clock`);
  if (sink.histograms > 0)
    parts.push(
      `${sink.histograms} native histograms were left out (native-histogram: they are not supported)`,
    );
  if (sink.withoutSeries > 0)
    parts.push(`${sink.withoutSeries} samples of new series were refused: ${sink.seriesRefusal}`);
  return parts.join('; ');
}

function refusal(error: unknown): WriteAnswer {
  if (error instanceof SnappyError || error instanceof ProtobufError || error instanceof RangeError)
    return answer(400, messageOf(error));
  throw error;
}

function answer(status: WriteAnswer['status'], message: string): WriteAnswer {
  return { status, message, samplesWritten: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
