/**
 * Writes batches of one publisher for one connection. Invariant: a series is defined with its first sample
 * on this connection, and never again.
 */
import { encodeFrame, toWireValue, type SeriesDefinition } from '@nowcast/protocol';
import type { SeriesDictionary } from './series-dictionary.ts';
import type { SpooledBatch } from './spool.ts';

export interface PublishEncoderOptions {
  readonly source: string;
  readonly epoch: number;
  readonly messageBytesMax: number;
  /** A ref nobody else uses on this connection. */
  nextRef(): number;
}

export class PublishEncoder {
  readonly #options: PublishEncoderOptions;
  readonly #dictionary: SeriesDictionary;
  /** Index in the dictionary → ref on this connection. */
  readonly #refs: (number | undefined)[] = [];

  constructor(dictionary: SeriesDictionary, options: PublishEncoderOptions) {
    this.#dictionary = dictionary;
    this.#options = options;
  }

  /** The frame; undefined when it would be larger than the hub takes, which would end the session for good. */
  encode(batch: SpooledBatch): string | undefined {
    const defined: SeriesDefinition[] = [];
    const refs = batch.refs.map((index) => this.#ref(index, defined));
    const group = {
      timeMs: batch.timeMs,
      ...(refs.every((ref, at) => ref === at) ? {} : { refs }),
      values: Array.from(batch.values, toWireValue),
    };
    const frame = this.#frame(batch.seq, {
      ...(defined.length === 0 ? {} : { series: defined }),
      groups: [group],
    });
    if (fits(frame, this.#options.messageBytesMax)) return frame;
    for (const index of batch.refs)
      if (defined.some(({ ref }) => ref === this.#refs[index])) this.#refs[index] = undefined;
    return undefined;
  }

  /** A batch without samples, so that the sequence goes on where one cannot be sent. */
  encodeEmpty(seq: number): string {
    return this.#frame(seq, { groups: [] });
  }

  #frame(
    seq: number,
    body: Pick<
      Parameters<typeof encodeFrame>[0][number] & { type: 'publish' },
      'series' | 'groups'
    >,
  ): string {
    const { source, epoch } = this.#options;
    return encodeFrame([{ type: 'publish', source, epoch, seq, ...body }]);
  }

  #ref(index: number, defined: SeriesDefinition[]): number {
    const known = this.#refs[index];
    if (known !== undefined) return known;
    const ref = this.#options.nextRef();
    this.#refs[index] = ref;
    const series = this.#dictionary.at(index);
    if (series) defined.push({ ...series, ref });
    return ref;
  }
}

/** UTF-8 takes one to three bytes for a UTF-16 unit; most frames need no exact count. */
function fits(frame: string, bytesMax: number): boolean {
  if (frame.length * 3 <= bytesMax) return true;
  return frame.length <= bytesMax && new TextEncoder().encode(frame).length <= bytesMax;
}
