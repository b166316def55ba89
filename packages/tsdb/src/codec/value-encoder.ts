import type { BitWriter } from './bit-writer.ts';
import { exactExponent, EXPONENT_MAX, splitNoise, toMantissas } from './decimal.ts';
import { startStream, type IntegerStream } from './integer-stream.ts';
import { bitLength } from './rlgr.ts';
import { MODE, SEGMENT, type Sequence } from './value-format.ts';
import { encodeXor } from './xor.ts';

/**
 * Writes the values of a chunk, segment by segment (FORMAT.md, "Values"). Each segment takes the first form
 * that holds it exactly: one value, decimals, decimals with noise, XOR. A segment like the one before goes on
 * in the same streams. What comes out of the decoder has the same bits as what went in, always.
 */
export class ValueEncoder {
  readonly #values = new Float64Array(SEGMENT);
  readonly #words = new Uint32Array(this.#values.buffer);
  readonly #mantissas = new Float64Array(SEGMENT);
  readonly #residuals = new Float64Array(SEGMENT);
  readonly #scaled = new Float64Array(SEGMENT);
  #sequence: Sequence | undefined;

  /** Writes `count` values, given as the words of the floats from `words[from · 2]` on. */
  encode(writer: BitWriter, words: Uint32Array, from: number, count: number): void {
    this.#sequence = undefined;
    for (let done = 0; done < count;) {
      const start = from + done;
      const equal = equalRun(words, start, count - done);
      const segments =
        equal === count - done ? Math.ceil(equal / SEGMENT) : Math.floor(equal / SEGMENT);
      if (segments > 0) {
        this.#constant(writer, words, start, segments);
        done += segments * SEGMENT;
      } else {
        const size = Math.min(SEGMENT, count - done);
        this.#segment(writer, words, start, size);
        done += size;
      }
    }
  }

  #constant(writer: BitWriter, words: Uint32Array, at: number, segments: number): void {
    const [low, high] = [words[at * 2] as number, words[at * 2 + 1] as number];
    this.#words[0] = low;
    this.#words[1] = high;
    const e = isPlain(low, high) ? exactExponent(this.#values, 1) : -1;
    writer.byte(e >= 0 ? MODE.constant | (e << 4) : MODE.constantRaw);
    writer.varint(segments);
    if (e >= 0) {
      toMantissas(this.#values, 1, this.#mantissas, e);
      writer.signed(this.#mantissas[0] as number);
    } else {
      writer.word(low);
      writer.word(high);
    }
  }

  #segment(writer: BitWriter, words: Uint32Array, start: number, size: number): void {
    const exceptions: number[] = [];
    let count = 0;
    for (let at = 0; at < size; at++) {
      const low = words[(start + at) * 2] as number;
      const high = words[(start + at) * 2 + 1] as number;
      if (!isPlain(low, high)) {
        exceptions.push(at);
        continue;
      }
      this.#words[count * 2] = low;
      this.#words[count * 2 + 1] = high;
      count++;
    }
    const excepted = (): void => writeExceptions(writer, words, start, exceptions);
    const e = count === 0 ? -1 : exactExponent(this.#values, count);
    if (e >= 0) this.#decimal(writer, { e, count, exceptions: exceptions.length }, excepted);
    else if (
      count === 0 ||
      !this.#noisy(writer, { count, exceptions: exceptions.length }, excepted)
    ) {
      this.#sequence = undefined;
      writer.byte(MODE.xor);
      encodeXor(writer, words.subarray(start * 2), size);
    }
  }

  #decimal(
    writer: BitWriter,
    shape: { readonly e: number; readonly count: number; readonly exceptions: number },
    excepted: () => void,
  ): void {
    const { e, count, exceptions } = shape;
    const open = this.#sequence;
    if (open !== undefined && open.residuals === undefined && e <= open.e) {
      toMantissas(this.#values, count, this.#mantissas, open.e);
      if (exceptions === 0 && this.#continues(open, count)) {
        writer.byte(MODE.continued);
        open.stream.write(writer, this.#scaled, count);
        return;
      }
    }
    toMantissas(this.#values, count, this.#mantissas, e);
    this.#sequence = this.#start(writer, { e, count, mode: MODE.decimal, exceptions }, excepted);
  }

  #noisy(
    writer: BitWriter,
    shape: { readonly count: number; readonly exceptions: number },
    excepted: () => void,
  ): boolean {
    const { count, exceptions } = shape;
    const into = { mantissas: this.#mantissas, residuals: this.#residuals };
    const open = this.#sequence;
    if (
      open?.residuals !== undefined &&
      exceptions === 0 &&
      splitNoise(this.#values, count, open.e, into) &&
      this.#continues(open, count)
    ) {
      writer.byte(MODE.continued);
      open.stream.write(writer, this.#scaled, count);
      open.residuals.write(writer, this.#residuals, count);
      return true;
    }
    const e = this.#noiseExponent(count);
    if (e < 0 || !splitNoise(this.#values, count, e, into)) return false;
    const start = writer.view().length;
    const before = this.#sequence;
    const sequence = this.#start(writer, { e, count, mode: MODE.noisy, exceptions }, excepted);
    const residuals = startStream(writer, this.#residuals, count, (stream) =>
      writer.byte(streamByte(stream)),
    );
    // Past this size the floats may be no decimals at all, and XOR costs at most 8.3 bytes a value.
    if (writer.size - start > count * 6) {
      writer.truncate(start);
      this.#sequence = before;
      return false;
    }
    this.#sequence = { ...sequence, residuals };
    return true;
  }

  /** True when the segment fits the open sequence; leaves the scaled mantissas behind. */
  #continues(open: Sequence, count: number): boolean {
    const { anchor, divisor } = open;
    if (!this.#scale(anchor, divisor, count)) return false;
    return divisor === 1 || commonDivisor(this.#mantissas, anchor, count) === divisor;
  }

  #start(
    writer: BitWriter,
    shape: {
      readonly e: number;
      readonly count: number;
      readonly mode: number;
      readonly exceptions: number;
    },
    excepted: () => void,
  ): Sequence {
    const { e, count, mode, exceptions } = shape;
    const anchor = this.#mantissas[0] as number;
    const divisor = commonDivisor(this.#mantissas, anchor, count);
    this.#scale(anchor, divisor, count);
    writer.byte(mode | (exceptions > 0 ? MODE.excepted : 0) | (e << 4));
    if (exceptions > 0) excepted();
    const stream = startStream(writer, this.#scaled, count, (chosen) => {
      writer.byte(streamByte(chosen) | (divisor > 1 ? 8 : 0));
      writer.signed(anchor);
      if (divisor > 1) writer.varint(divisor);
    });
    return { e, anchor, divisor, stream, residuals: undefined };
  }

  #scale(anchor: number, divisor: number, count: number): boolean {
    for (let at = 0; at < count; at++) {
      const scaled = ((this.#mantissas[at] as number) - anchor) / divisor;
      if (divisor > 1 && !Number.isInteger(scaled)) return false;
      this.#scaled[at] = scaled;
    }
    return true;
  }

  /** The exponent under which a few of the values cost the fewest bits, or −1. */
  #noiseExponent(count: number): number {
    const sample = Math.min(count, 24);
    const into = { mantissas: this.#mantissas, residuals: this.#residuals };
    let best = -1;
    let bestBits = Infinity;
    for (let e = 0; e <= EXPONENT_MAX; e++) {
      if (!splitNoise(this.#values, sample, e, into)) continue;
      let bits = 0;
      for (let at = 1; at < sample; at++) {
        bits += bitLength(
          Math.abs((into.mantissas[at] as number) - (into.mantissas[at - 1] as number)),
        );
        bits += bitLength(
          Math.abs((into.residuals[at] as number) - (into.residuals[at - 1] as number)),
        );
      }
      if (bits >= bestBits) continue;
      best = e;
      bestBits = bits;
    }
    return best;
  }
}

function streamByte(stream: IntegerStream): number {
  return stream.order | (stream.flagged ? 4 : 0);
}

/** A finite value other than −0: what a decimal can stand for. */
function isPlain(low: number, high: number): boolean {
  return (high & 0x7ff00000) !== 0x7ff00000 && !(high === 0x80000000 && low === 0);
}

function equalRun(words: Uint32Array, from: number, count: number): number {
  const low = words[from * 2];
  const high = words[from * 2 + 1];
  let run = 1;
  while (run < count && words[(from + run) * 2] === low && words[(from + run) * 2 + 1] === high)
    run++;
  return run;
}

/** The greatest number that divides the distance of each mantissa to the anchor; 1 when all are equal. */
function commonDivisor(mantissas: Float64Array, anchor: number, count: number): number {
  let divisor = 0;
  for (let at = 0; at < count && divisor !== 1; at++) {
    let rest = Math.abs((mantissas[at] as number) - anchor);
    while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  }
  return Math.max(1, divisor);
}

function writeExceptions(
  writer: BitWriter,
  words: Uint32Array,
  start: number,
  positions: readonly number[],
): void {
  writer.byte(positions.length);
  let before = -1;
  let [low, high] = [0, 0x7ff80000];
  for (const position of positions) {
    const nextLow = words[(start + position) * 2] as number;
    const nextHigh = words[(start + position) * 2 + 1] as number;
    const same = nextLow === low && nextHigh === high;
    writer.varint((position - before - 1) * 2 + (same ? 0 : 1));
    before = position;
    if (same) continue;
    [low, high] = [nextLow, nextHigh];
    writer.word(low);
    writer.word(high);
  }
}
