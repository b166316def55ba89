import type { BitReader } from './bit-reader.ts';
import { applyResidual, POWERS } from './decimal.ts';
import { IntegerStream, type DeltaOrder } from './integer-stream.ts';
import { MODE, SEGMENT, type Sequence } from './value-format.ts';
import { decodeXor } from './xor.ts';

const numbers = new Float64Array(SEGMENT);
const residuals = new Float64Array(SEGMENT);
const segmentValues = new Float64Array(SEGMENT);
const segmentWords = new Uint32Array(segmentValues.buffer);

interface Exceptions {
  readonly positions: readonly number[];
  /** low, high, low, high … */
  readonly words: readonly number[];
}

/**
 * Reads `count` values written by `ValueEncoder` into `values` from `from` on. The caller has checked the
 * checksum; bytes that pass it and still make no sense end in a RangeError, never in an endless loop.
 */
export function decodeValues(
  reader: BitReader,
  values: Float64Array,
  from: number,
  count: number,
): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  let sequence: Sequence | undefined;
  for (let done = 0; done < count;) {
    if (reader.done) throw new RangeError('values end before their count');
    const first = reader.byte();
    const mode = first & 7;
    if (mode === MODE.constant || mode === MODE.constantRaw) {
      const size = Math.min(count - done, Math.max(1, reader.varint()) * SEGMENT);
      readConstant(reader, first, { values, words, from: from + done, size });
      done += size;
      continue;
    }
    const size = Math.min(SEGMENT, count - done);
    if (mode === MODE.xor) {
      sequence = undefined;
      decodeXor(reader, words.subarray((from + done) * 2), size);
    } else {
      const exceptions = (first & MODE.excepted) === 0 ? undefined : readExceptions(reader);
      const plain = size - (exceptions?.positions.length ?? 0);
      if (mode !== MODE.continued) sequence = undefined;
      sequence = readDecimals(reader, { first, plain, sequence });
      const target = values.subarray(from + done, from + done + size);
      if (exceptions === undefined) place(target, sequence, size);
      else {
        place(segmentValues, sequence, plain);
        merge(words, from + done, size, exceptions);
      }
    }
    done += size;
  }
}

function readConstant(
  reader: BitReader,
  first: number,
  target: {
    readonly values: Float64Array;
    readonly words: Uint32Array;
    readonly from: number;
    readonly size: number;
  },
): void {
  const { values, words, from, size } = target;
  if ((first & 7) === MODE.constant) {
    values.fill(reader.signed() / (POWERS[first >> 4] as number), from, from + size);
    return;
  }
  const [low, high] = [reader.word(), reader.word()];
  for (let at = from; at < from + size; at++) {
    words[at * 2] = low;
    words[at * 2 + 1] = high;
  }
}

/** Reads the numbers of one segment into `numbers` and `residuals`. */
function readDecimals(
  reader: BitReader,
  segment: {
    readonly first: number;
    readonly plain: number;
    readonly sequence: Sequence | undefined;
  },
): Sequence {
  const { first, plain, sequence } = segment;
  if ((first & 7) === MODE.continued) {
    if (sequence === undefined) throw new RangeError('a segment continues nothing');
    sequence.stream.read(reader, numbers, plain);
    sequence.residuals?.read(reader, residuals, plain);
    return sequence;
  }
  const e = first >> 4;
  const head = reader.byte();
  const anchor = reader.signed();
  const divisor = (head & 8) === 0 ? 1 : reader.varint();
  const stream = openStream(head);
  stream.read(reader, numbers, plain);
  let noise: IntegerStream | undefined;
  if ((first & 7) === MODE.noisy) {
    noise = openStream(reader.byte());
    noise.read(reader, residuals, plain);
  }
  return { e, anchor, divisor, stream, residuals: noise };
}

function openStream(head: number): IntegerStream {
  return new IntegerStream(Math.min(2, head & 3) as DeltaOrder, (head & 4) !== 0);
}

function place(target: Float64Array, sequence: Sequence, count: number): void {
  const { anchor, divisor } = sequence;
  const power = POWERS[sequence.e] ?? 1;
  if (power === 1)
    for (let at = 0; at < count; at++) target[at] = anchor + (numbers[at] as number) * divisor;
  else
    for (let at = 0; at < count; at++)
      target[at] = (anchor + (numbers[at] as number) * divisor) / power;
  if (sequence.residuals === undefined) return;
  for (let at = 0; at < count; at++) {
    const distance = residuals[at] as number;
    if (distance !== 0) target[at] = applyResidual(target[at] as number, distance);
  }
}

function readExceptions(reader: BitReader): Exceptions {
  const count = reader.byte();
  const positions: number[] = [];
  const words: number[] = [];
  let before = -1;
  let [low, high] = [0, 0x7ff80000];
  for (let at = 0; at < count; at++) {
    const coded = reader.varint();
    before += 1 + Math.floor(coded / 2);
    if (coded % 2 === 1) {
      low = reader.word();
      high = reader.word();
    }
    positions.push(before);
    words.push(low, high);
  }
  return { positions, words };
}

function merge(words: Uint32Array, from: number, size: number, exceptions: Exceptions): void {
  let next = 0;
  let plain = 0;
  for (let at = 0; at < size; at++) {
    const target = (from + at) * 2;
    if (exceptions.positions[next] === at) {
      words[target] = exceptions.words[next * 2] as number;
      words[target + 1] = exceptions.words[next * 2 + 1] as number;
      next++;
    } else {
      words[target] = segmentWords[plain * 2] as number;
      words[target + 1] = segmentWords[plain * 2 + 1] as number;
      plain++;
    }
  }
}
