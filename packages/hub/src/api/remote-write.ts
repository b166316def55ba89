/**
 * Remote write: decode, append, and answer only when the samples are durable. What can be taken is taken;
 * what cannot is counted and named in the answer, with a status that tells the sender not to repeat it.
 */
import { type Appender, codeOf } from '@nowcast/model';
import type { MetadataBook } from './metadata-book.ts';
import { ProtobufError } from './protobuf-reader.ts';
import { RequestSink } from './request-sink.ts';
import { SeriesCache } from './series-cache.ts';
import { snappyDecompress, SnappyError } from './snappy.ts';
import { WriteBatch } from './write-batch.ts';
import { decodeWriteRequest } from './write-decoder.ts';
import { decodeWriteRequestV2 } from './write-decoder-v2.ts';

export interface RemoteWriteOptions {
  readonly appender: Appender;
  readonly metadata: MetadataBook;
  readonly nowMs: () => number;
  readonly decompressedBytesMax: number;
  /** How far ahead of the clock a sample may be. */
  readonly futureMs: number;
}

/** 1: `prometheus.WriteRequest`; 2: `io.prometheus.write.v2.Request`. */
export type WriteVersion = 1 | 2;

export interface WriteAnswer {
  /** 204 all taken; 400 some or all can never be taken; 503 try again later. */
  readonly status: 204 | 400 | 503;
  /** What was not taken and why; empty when everything was. */
  readonly message: string;
  readonly samplesWritten: number;
}

/** Bytes of labels remembered between requests. */
const KNOWN_BYTES_MAX = 128 * 1_048_576;
/** A decompressed body up to this size is put where the one before was. */
const SCRATCH_BYTES = 4 * 1_048_576;

export class RemoteWriter {
  readonly #options: RemoteWriteOptions;
  readonly #known = new SeriesCache(KNOWN_BYTES_MAX);
  readonly #batch = new WriteBatch();
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);

  constructor(options: RemoteWriteOptions) {
    this.#options = options;
  }

  /** @param body compressed by snappy. */
  async write(body: Uint8Array, version: WriteVersion): Promise<WriteAnswer> {
    let taken: WriteAnswer;
    try {
      taken = this.#append(body, version);
    } catch (error) {
      if (error instanceof SnappyError || error instanceof ProtobufError)
        return { status: 400, message: error.message, samplesWritten: 0 };
      throw error;
    }
    try {
      await this.#options.appender.flushed();
    } catch (error) {
      if (codeOf(error) !== 'store-unavailable') throw error;
      return { status: 503, message: (error as Error).message, samplesWritten: 0 };
    }
    return taken;
  }

  #append(body: Uint8Array, version: WriteVersion): WriteAnswer {
    const { decompressedBytesMax } = this.#options;
    const message = snappyDecompress(body, decompressedBytesMax, this.#scratch);
    try {
      return this.#appendOnce(message, version);
    } catch (error) {
      if (codeOf(error) !== 'series-expired') throw error;
      // The store gave up idle series whose refs are remembered here: ask for all of them again.
      this.#known.clear();
      return this.#appendOnce(message, version);
    }
  }

  #appendOnce(message: Uint8Array, version: WriteVersion): WriteAnswer {
    const { appender, metadata, nowMs, futureMs } = this.#options;
    const sink = new RequestSink(
      { appender, metadata, known: this.#known, batch: this.#batch },
      nowMs() + futureMs,
    );
    try {
      if (version === 1) decodeWriteRequest(message, sink);
      else decodeWriteRequestV2(message, sink);
      const outcome = this.#batch.appendTo(appender);
      const samplesWritten = outcome.accepted + outcome.duplicate + outcome.overwritten;
      const refused = sink.refused(outcome.tooOld);
      return { status: refused === '' ? 204 : 400, message: refused, samplesWritten };
    } finally {
      this.#batch.clear();
    }
  }
}
