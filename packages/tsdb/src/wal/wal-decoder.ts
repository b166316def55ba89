import { LabelSet, type MetricMetadata, type MetricType } from '@nowcast/model';
import { wordsOf } from '../block/sample-run.ts';
import { BitReader } from '../codec/bit-reader.ts';
import { POWERS } from '../codec/decimal.ts';
import { mantissaOf } from './wal-encoder.ts';
import { EXPONENT_COUNT, RECORD } from './wal-format.ts';

/** What a segment says, in order. */
export interface WalVisitor {
  series(ref: number, labels: LabelSet): void;
  metadata(metric: string, metadata: MetricMetadata): void;
  /** `values` is reused by the next call. */
  row(refs: Uint32Array, timeMs: number, values: Float64Array): void;
}

interface ShapeState {
  readonly refs: Uint32Array;
  readonly values: Float64Array;
  readonly exponents: Uint8Array;
  /** False after a lost frame, until a row that does not build on one before. */
  usable: boolean;
}

/**
 * Reads the frames of one segment. Rows build on rows, so after a lost frame each shape waits for its next key
 * row; `skippedRows` counts what could not be read meanwhile. A wrong value is never produced.
 */
export class WalDecoder {
  readonly #visitor: WalVisitor;
  readonly #shapes = new Map<number, ShapeState>();
  skippedRows = 0;

  constructor(visitor: WalVisitor) {
    this.#visitor = visitor;
  }

  /** A frame is missing here. */
  lost(): void {
    for (const shape of this.#shapes.values()) shape.usable = false;
  }

  /** Reads a payload whose checksum was right. @throws RangeError when it makes no sense all the same */
  frame(payload: Uint8Array): void {
    const reader = new BitReader(payload);
    while (!reader.done) {
      const type = reader.byte();
      if (type === RECORD.series) this.#series(reader);
      else if (type === RECORD.shape) this.#shape(reader);
      else if (type === RECORD.row || type === RECORD.keyRow) {
        if (!this.#row(reader, type === RECORD.keyRow)) return;
      } else if (type === RECORD.metadata) this.#metadata(reader);
      else throw new RangeError(`unknown WAL record ${type}`);
    }
    if (reader.overrun) throw new RangeError('a WAL record ends after its frame');
  }

  #series(reader: BitReader): void {
    const ref = reader.varint();
    const pairs: string[] = [];
    for (let left = reader.varint(); left > 0 && !reader.done; left--) pairs.push(reader.text());
    this.#visitor.series(ref, LabelSet.fromSortedPairs(pairs));
  }

  #metadata(reader: BitReader): void {
    const [metric, type, unit, help] = [reader.text(), reader.text(), reader.text(), reader.text()];
    this.#visitor.metadata(metric, {
      ...(type === '' ? {} : { type: type as MetricType }),
      ...(unit === '' ? {} : { unit }),
      ...(help === '' ? {} : { help }),
    });
  }

  #shape(reader: BitReader): void {
    const id = reader.varint();
    const refs: number[] = [];
    let before = 0;
    for (let left = reader.varint(); left > 0 && !reader.done; left--) {
      before += reader.signed();
      refs.push(before);
    }
    this.#shapes.set(id, {
      refs: Uint32Array.from(refs),
      values: new Float64Array(refs.length),
      exponents: new Uint8Array(refs.length),
      usable: true,
    });
  }

  /** False when the rest of the frame cannot be read: the shape was defined in a lost frame. */
  #row(reader: BitReader, key: boolean): boolean {
    const state = this.#shapes.get(reader.varint());
    const timeMs = reader.byte() === 0 ? reader.signed() : reader.float();
    if (state === undefined) {
      this.skippedRows++;
      this.lost();
      return false;
    }
    if (key) {
      state.values.fill(0);
      state.exponents.fill(0);
      state.usable = true;
    }
    readChanges(reader, state);
    if (state.usable) this.#visitor.row(state.refs, timeMs, state.values);
    else this.skippedRows++;
    return true;
  }
}

function readChanges(reader: BitReader, state: ShapeState): void {
  const { values, exponents } = state;
  const words = wordsOf(values);
  const bitmap = reader.take((values.length + 7) >>> 3);
  for (let at = 0; at < values.length; at++) {
    if (((bitmap[at >>> 3] as number) & (1 << (at & 7))) === 0) continue;
    const token = reader.varint();
    if (token === EXPONENT_COUNT * 2 + 1) {
      words[at * 2] = reader.word();
      words[at * 2 + 1] = reader.word();
      continue;
    }
    let zigzag = token / 2;
    if (token % 2 === 1) {
      exponents[at] = (token - 1) / 2;
      zigzag = reader.varint();
    }
    const power = POWERS[exponents[at] as number] ?? 1;
    const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    values[at] = (mantissaOf(values[at] as number, power) + difference) / power;
  }
}
