import type { LabelRecord } from '@nowcast/model';
import { Stream } from '../state/stream.ts';

/** A series as a test writes it: labels, then its samples as time and value, time and value … */
export type GivenSeries = readonly [labels: LabelRecord, ...samples: number[]];

/** A stream that was told these series, for tests of what is derived from one. */
export function streamOf(...given: readonly GivenSeries[]): Stream {
  const stream = new Stream(1_024, () => undefined);
  for (const [ref, [labels, ...samples]] of given.entries()) {
    stream.join(ref, labels);
    for (let at = 0; at < samples.length; at += 2)
      stream.sample(ref, samples[at] as number, samples[at + 1] as number);
  }
  stream.caughtUp();
  return stream;
}
