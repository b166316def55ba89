import type { LabelSet, MetricMetadata } from '@nowcast/model';
import { wordsOf } from '../block/sample-run.ts';
import { BitWriter } from '../codec/bit-writer.ts';
import { EXPONENT_MAX, POWERS } from '../codec/decimal.ts';
import { EXPONENT_COUNT, KEY_INTERVAL, RECORD } from './wal-format.ts';

const MANTISSA_MAX = 2 ** 49;
const TIME_MAX_MS = 2 ** 46;

interface RowState {
  readonly before: Float64Array;
  readonly exponents: Uint8Array;
  sinceKey: number;
}

/**
 * Turns what is appended into WAL records (FORMAT.md, "WAL"): a bit per series says whether its value changed,
 * then each change as a difference of decimals, or the eight bytes where that is not exact. A segment explains
 * itself: series and shapes are defined in it before they are used.
 */
export class WalEncoder {
  readonly #writer = new BitWriter();
  #rows: RowState[] = [];

  /** Bytes waiting to be taken. */
  get size(): number {
    return this.#writer.size;
  }

  /** The records so far as one frame's payload. */
  take(): Uint8Array {
    const payload = this.#writer.view().slice();
    this.#writer.clear();
    return payload;
  }

  /** Forgets shapes: the next record opens a new segment. */
  restart(): void {
    this.#rows = [];
  }

  series(ref: number, labels: LabelSet): void {
    const writer = this.#writer;
    writer.byte(RECORD.series);
    writer.varint(ref);
    writer.varint(labels.pairs.length);
    for (const text of labels.pairs) writer.text(text);
  }

  metadata(metric: string, { type, unit, help }: MetricMetadata): void {
    this.#writer.byte(RECORD.metadata);
    for (const text of [metric, type ?? '', unit ?? '', help ?? '']) this.#writer.text(text);
  }

  /** True when the segment does not know the shape yet. */
  lacks(shape: number): boolean {
    return this.#rows[shape] === undefined;
  }

  shape(shape: number, refs: Uint32Array): void {
    const writer = this.#writer;
    writer.byte(RECORD.shape);
    writer.varint(shape);
    writer.varint(refs.length);
    let before = 0;
    for (const ref of refs) {
      writer.signed(ref - before);
      before = ref;
    }
    this.#rows[shape] = {
      before: new Float64Array(refs.length),
      exponents: new Uint8Array(refs.length),
      sinceKey: KEY_INTERVAL,
    };
  }

  row(shape: number, timeMs: number, values: Float64Array): void {
    const state = this.#rows[shape] as RowState;
    const writer = this.#writer;
    const key = state.sinceKey >= KEY_INTERVAL;
    if (key) {
      state.before.fill(0);
      state.exponents.fill(0);
      state.sinceKey = 0;
    }
    state.sinceKey++;
    writer.byte(key ? RECORD.keyRow : RECORD.row);
    writer.varint(shape);
    writeTime(writer, timeMs);
    this.#changes(values, state);
  }

  #changes(values: Float64Array, state: RowState): void {
    const { before } = state;
    const words = wordsOf(values);
    const beforeWords = wordsOf(before);
    const count = before.length;
    const writer = this.#writer;
    const bitmap = writer.reserve((count + 7) >>> 3);
    for (let at = 0; at < count; at++) {
      const low = words[at * 2] as number;
      const high = words[at * 2 + 1] as number;
      if (low === beforeWords[at * 2] && high === beforeWords[at * 2 + 1]) continue;
      const byte = bitmap + (at >>> 3);
      writer.bytes[byte] = (writer.bytes[byte] as number) | (1 << (at & 7));
      const plain = (high & 0x7ff00000) !== 0x7ff00000 && !(high === 0x80000000 && low === 0);
      if (!plain || !this.#difference(values[at] as number, at, state)) {
        writer.varint(EXPONENT_COUNT * 2 + 1);
        writer.word(low);
        writer.word(high);
      }
      beforeWords[at * 2] = low;
      beforeWords[at * 2 + 1] = high;
    }
  }

  #difference(value: number, at: number, state: RowState): boolean {
    const writer = this.#writer;
    const before = state.before[at] as number;
    const current = state.exponents[at] as number;
    const same = zigzagUnder(value, before, current);
    if (same >= 0) {
      writer.varint(same * 2);
      return true;
    }
    for (let e = 0; e <= EXPONENT_MAX; e++) {
      const zigzag = zigzagUnder(value, before, e);
      if (zigzag < 0) continue;
      writer.varint(e * 2 + 1);
      writer.varint(zigzag);
      state.exponents[at] = e;
      return true;
    }
    return false;
  }
}

/** The difference of two values' mantissas under an exponent, zigzag; −1 where the value is not exact under it. */
function zigzagUnder(value: number, before: number, e: number): number {
  const power = POWERS[e] as number;
  const mantissa = Math.round(value * power);
  if (Math.abs(mantissa) > MANTISSA_MAX || mantissa / power !== value) return -1;
  const difference = mantissa - mantissaOf(before, power);
  return difference >= 0 ? difference * 2 : difference * -2 - 1;
}

/** The mantissa to count from; 0 where the value before is nothing to count from. */
export function mantissaOf(before: number, power: number): number {
  const mantissa = Math.round(before * power);
  return Math.abs(mantissa) <= MANTISSA_MAX ? mantissa + 0 : 0;
}

function writeTime(writer: BitWriter, timeMs: number): void {
  if (Number.isInteger(timeMs) && Math.abs(timeMs) <= TIME_MAX_MS) {
    writer.byte(0);
    writer.signed(timeMs);
  } else {
    writer.byte(1);
    writer.float(timeMs);
  }
}
