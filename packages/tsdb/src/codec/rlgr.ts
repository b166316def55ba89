import { peekBits, type BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

/**
 * Adaptive run-length and Golomb–Rice coding of whole numbers from 0 to 2^53, without tables: one parameter
 * follows how long runs of zeros are, the other how large the numbers between them. Both sides move them by
 * the same rules after every symbol, so nothing but the symbols is stored.
 */
export interface RlgrState {
  /** Run parameter, in eighths of a bit. */
  run: number;
  /** Rice parameter, in eighths of a bit. */
  rice: number;
}

export function freshState(): RlgrState {
  return { run: 8, rice: 8 };
}

const RUN_MAX = 120;
const RICE_MAX = 400;
const RUN_UP = 4;
const RUN_DOWN = 6;
const ZERO_UP = 3;
const ZERO_DOWN = 3;
/** A quotient this long is an outlier: its bits follow in full instead. */
const ESCAPE = 24;

/**
 * Writes `count` numbers. With `flagged`, a zero outside runs has a bit of its own, which is shorter where
 * zeros are frequent but come alone.
 */
export function encodeRlgr(
  writer: BitWriter,
  numbers: Float64Array,
  options: { readonly count: number; readonly flagged: boolean; readonly state: RlgrState },
): void {
  const { count, flagged, state } = options;
  let at = 0;
  while (at < count) {
    const k = state.run >> 3;
    if (k === 0 && !flagged) {
      const number = numbers[at++] as number;
      rice(writer, number, state);
      moveZero(state, number === 0);
      continue;
    }
    let zeros = 0;
    while (at + zeros < count && numbers[at + zeros] === 0) zeros++;
    at += zeros;
    writeRun(writer, zeros, { open: at < count, state });
    if (at === count) break;
    rice(writer, (numbers[at++] as number) - 1, state);
    state.run = Math.max(0, state.run - RUN_DOWN);
  }
}

function writeRun(
  writer: BitWriter,
  zeros: number,
  options: { readonly open: boolean; readonly state: RlgrState },
): void {
  const { state, open } = options;
  let left = zeros;
  let k = state.run >> 3;
  // At the end of the numbers a piece may say more zeros than there are: the reader knows their count.
  const last = open ? Infinity : 1;
  while (left >= Math.min(last, 2 ** k)) {
    writer.bits(0, 1);
    left -= 2 ** k;
    state.run = Math.min(RUN_MAX, state.run + RUN_UP);
    k = state.run >> 3;
  }
  if (!open) return;
  writer.bits(1, 1);
  writer.bits(left, k);
}

function rice(writer: BitWriter, number: number, state: RlgrState): void {
  const k = state.rice >> 3;
  const quotient = Math.floor(number / 2 ** k);
  if (quotient >= ESCAPE) {
    const bits = bitLength(number);
    writer.bits(0xffffff, ESCAPE);
    writer.bits(bits, 6);
    writer.wide(number, bits);
    state.rice = Math.min(RICE_MAX, state.rice + ESCAPE);
    return;
  }
  writer.bits((1 << quotient) - 1, quotient);
  writer.bits(0, 1);
  writer.wide(number - quotient * 2 ** k, k);
  moveRice(state, quotient);
}

function moveRice(state: RlgrState, quotient: number): void {
  if (quotient === 0) state.rice = Math.max(0, state.rice - 2);
  else if (quotient > 1) state.rice = Math.min(RICE_MAX, state.rice + quotient);
}

function moveZero(state: RlgrState, zero: boolean): void {
  state.run = zero ? Math.min(RUN_MAX, state.run + ZERO_UP) : Math.max(0, state.run - ZERO_DOWN);
}

/** How many bits a whole number takes; 0 for 0. */
export function bitLength(number: number): number {
  return number < 0x80000000
    ? 32 - Math.clz32(number)
    : 32 + 32 - Math.clz32(Math.floor(number / 0x100000000));
}

/** Reads `count` numbers into `numbers`. The loop keeps all state in local variables: it is where reads spend their time. */
export function decodeRlgr(
  reader: BitReader,
  numbers: Float64Array,
  options: { readonly count: number; readonly flagged: boolean; readonly state: RlgrState },
): void {
  const { count, flagged, state } = options;
  const { bytes } = reader;
  let { run, rice } = state;
  let bit = reader.at;
  let at = 0;
  while (at < count) {
    const runBits = run >> 3;
    const inRun = runBits > 0 || flagged;
    let window = peekBits(bytes, bit);
    if (inRun) {
      if ((window & 1) === 0) {
        const until = Math.min(count, at + (1 << runBits));
        while (at < until) numbers[at++] = 0;
        run = run + RUN_UP > RUN_MAX ? RUN_MAX : run + RUN_UP;
        bit++;
        continue;
      }
      const until = Math.min(count - 1, at + ((window >>> 1) & ((1 << runBits) - 1)));
      while (at < until) numbers[at++] = 0;
      bit += 1 + runBits;
      window = peekBits(bytes, bit);
    }
    const k = rice >> 3;
    const inverse = ~window;
    const quotient = inverse === 0 ? 32 : 31 - Math.clz32(inverse & -inverse);
    let number: number;
    if (quotient + 1 + k <= 32 && quotient < ESCAPE) {
      // A shift by 32 is a shift by 0 to the engine; k is 0 then.
      const rest = (window >>> ((quotient + 1) & 31)) & ((1 << k) - 1);
      number = ((quotient << k) | rest) >>> 0;
      bit += quotient + 1 + k;
    } else {
      reader.at = bit;
      number = readLong(reader, quotient, k);
      bit = reader.at;
    }
    if (quotient === 0) rice = rice > 2 ? rice - 2 : 0;
    else if (quotient > 1) rice = Math.min(RICE_MAX, rice + Math.min(quotient, ESCAPE));
    numbers[at++] = inRun ? number + 1 : number;
    if (inRun) run = run > RUN_DOWN ? run - RUN_DOWN : 0;
    else if (number === 0) run += ZERO_UP;
    else run = run > ZERO_DOWN ? run - ZERO_DOWN : 0;
  }
  reader.at = bit;
  state.run = run;
  state.rice = rice;
}

/** A rice number that does not fit 32 bits, or an outlier written in full. */
function readLong(reader: BitReader, quotient: number, k: number): number {
  if (quotient >= ESCAPE) {
    reader.at += ESCAPE;
    return reader.wide(reader.bits(6));
  }
  reader.at += quotient + 1;
  return quotient * 2 ** k + reader.wide(k);
}
