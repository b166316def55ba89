import type { SeriesDictionary } from './series-dictionary.ts';

/** A time, a ref and a value in JSON, rounded up. */
const SAMPLE_BYTES = 40;

/**
 * Cuts a batch into [from, to) pieces, so that a message with a piece and the definitions of all its
 * series stays below about `bytesMax`: after a reconnect the series have to be defined again.
 */
export function cutBatch(
  indices: readonly number[],
  dictionary: SeriesDictionary,
  bytesMax: number,
): readonly (readonly [from: number, to: number])[] {
  const pieces: [number, number][] = [];
  let from = 0;
  let bytes = 0;
  for (const [at, index] of indices.entries()) {
    const sampleBytes = SAMPLE_BYTES + dictionary.bytesOf(index);
    if (at > from && bytes + sampleBytes > bytesMax) {
      pieces.push([from, at]);
      from = at;
      bytes = 0;
    }
    bytes += sampleBytes;
  }
  if (from < indices.length) pieces.push([from, indices.length]);
  return pieces;
}
