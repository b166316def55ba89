import type { IntegerStream } from './integer-stream.ts';

/** Samples under one header of the value codec. Longer saves little and lets one odd value spoil more. */
export const SEGMENT = 240;

/** The low bits of a segment's first byte; its high four are the decimal exponent. */
export const MODE = {
  /** One decimal, repeated over whole segments. */
  constant: 0,
  decimal: 1,
  /** Decimals and a stream of residuals. */
  noisy: 2,
  xor: 3,
  /** Any eight bytes, repeated over whole segments. */
  constantRaw: 4,
  /** As the segment before: the same streams go on. */
  continued: 7,
  /** Flag: positions and bits of values that are no decimals come first. */
  excepted: 8,
} as const;

/** What a segment leaves open for the next one to go on with. */
export interface Sequence {
  readonly e: number;
  /** The mantissa that scaled numbers count from. */
  readonly anchor: number;
  readonly divisor: number;
  readonly stream: IntegerStream;
  readonly residuals: IntegerStream | undefined;
}
