import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { bitLength, decodeRlgr, encodeRlgr, freshState, type RlgrState } from './rlgr.ts';

/** 0: the numbers themselves, 1: differences, 2: differences of differences. */
export type DeltaOrder = 0 | 1 | 2;

/** How far apart numbers may lie so that second differences, zigzagged, stay exact. */
const COUNT_MAX = 7_200;
const zigzags = new Float64Array(COUNT_MAX);

/**
 * A sequence of whole numbers, written piece by piece as zigzagged differences under RLGR. The next piece
 * goes on where the last one ended: previous number, previous difference and the coder's parameters carry
 * over, so cutting a sequence into pieces costs nothing. A new sequence starts from zero.
 */
export class IntegerStream {
  readonly order: DeltaOrder;
  readonly flagged: boolean;
  #last = 0;
  #lastDelta = 0;
  readonly #state: RlgrState = freshState();

  constructor(order: DeltaOrder, flagged: boolean) {
    this.order = order;
    this.flagged = flagged;
  }

  /** At most 7,200 numbers at a time. */
  write(writer: BitWriter, numbers: Float64Array, count: number): void {
    this.#difference(numbers, count);
    encodeRlgr(writer, zigzags, { count, flagged: this.flagged, state: this.#state });
    writer.align();
  }

  read(reader: BitReader, numbers: Float64Array, count: number): void {
    decodeRlgr(reader, zigzags, { count, flagged: this.flagged, state: this.#state });
    reader.align();
    let last = this.#last;
    let delta = this.#lastDelta;
    const { order } = this;
    for (let at = 0; at < count; at++) {
      const coded = zigzags[at] as number;
      const signed = coded < 0x40000000 ? (coded >>> 1) ^ -(coded & 1) : unzigzag(coded);
      if (order === 0) {
        last = signed;
      } else {
        delta = order === 1 ? signed : delta + signed;
        last += delta;
      }
      numbers[at] = last;
    }
    this.#last = last;
    this.#lastDelta = delta;
  }

  #difference(numbers: Float64Array, count: number): void {
    let last = this.#last;
    let lastDelta = this.#lastDelta;
    const { order } = this;
    for (let at = 0; at < count; at++) {
      const number = numbers[at] as number;
      const delta = number - last;
      const signed = order === 0 ? number : order === 1 ? delta : delta - lastDelta;
      zigzags[at] = signed >= 0 ? signed * 2 : signed * -2 - 1;
      last = number;
      lastDelta = delta;
    }
    this.#last = last;
    this.#lastDelta = lastDelta;
  }
}

function unzigzag(coded: number): number {
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
}

/** The order with the shortest differences. The first two numbers are left out: they only set the level. */
export function bestOrder(numbers: Float64Array, count: number): DeltaOrder {
  let [plain, first, second] = [0, 0, 0];
  for (let at = 2; at < count; at++) {
    const number = numbers[at] as number;
    const delta = number - (numbers[at - 1] as number);
    const before = (numbers[at - 1] as number) - (numbers[at - 2] as number);
    plain += bitLength(Math.abs(number));
    first += bitLength(Math.abs(delta));
    second += bitLength(Math.abs(delta - before));
  }
  if (plain < first && plain <= second) return 0;
  return first <= second ? 1 : 2;
}

/**
 * Starts the sequence that holds these numbers in the fewest bytes, trying both ways to write lone zeros, and
 * writes them after what `head` writes about the choice.
 */
export function startStream(
  writer: BitWriter,
  numbers: Float64Array,
  count: number,
  head: (stream: IntegerStream) => void,
): IntegerStream {
  const order = bestOrder(numbers, count);
  const start = writer.view().length;
  const plain = new IntegerStream(order, false);
  head(plain);
  plain.write(writer, numbers, count);
  const plainSize = writer.size;
  const flagged = new IntegerStream(order, true);
  writer.truncate(start);
  head(flagged);
  flagged.write(writer, numbers, count);
  if (writer.size < plainSize) return flagged;
  const again = new IntegerStream(order, false);
  writer.truncate(start);
  head(again);
  again.write(writer, numbers, count);
  return again;
}
