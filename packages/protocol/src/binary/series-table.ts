/**
 * Series definitions as a table: each text is written once, where it first occurs, and by its number after that.
 *
 *     table  := count, series…
 *     series := ref − (ref before + 1) signed, labels, (name, value)…, about: u8, [unit], [help]
 *     text   := 0, length, UTF-8   a new one
 *             | n                  the n-th of this table, from 1
 */
import type { MetricType } from '@nowcast/model';
import type { SeriesDefinition } from '../fields/series.ts';
import { badBinary, type ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** `about`: the type's place in this list in the lower four bits, then two bits for what follows. */
const TYPES: readonly (MetricType | undefined)[] = [
  undefined,
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'unknown',
];
const TYPE_BITS = 0x0f;
const HAS_UNIT = 0x10;
const HAS_HELP = 0x20;
const REF_MAX = 0xffff_ffff;

export function writeSeries(out: ByteWriter, series: readonly SeriesDefinition[]): void {
  const numbers = new Map<string, number>();
  const text = (value: string): void => {
    const number = numbers.get(value);
    out.varint(number ?? 0);
    if (number !== undefined) return;
    numbers.set(value, numbers.size + 1);
    out.text(value);
  };
  out.varint(series.length);
  let next = 0;
  for (const { ref, labels, type, unit, help } of series) {
    out.signed(ref - next);
    next = ref + 1;
    const pairs = Object.entries(labels);
    out.varint(pairs.length);
    for (const pair of pairs) pair.forEach(text);
    const has = (unit === undefined ? 0 : HAS_UNIT) | (help === undefined ? 0 : HAS_HELP);
    out.u8(TYPES.indexOf(type) | has);
    if (unit !== undefined) text(unit);
    if (help !== undefined) text(help);
  }
}

export function readSeries(reader: ByteReader): readonly SeriesDefinition[] {
  const texts: string[] = [];
  const text = (): string => {
    const number = reader.varint();
    const known = number === 0 ? reader.text() : texts[number - 1];
    if (known === undefined) throw badBinary('a text was not told');
    if (number === 0) texts.push(known);
    return known;
  };
  const series: SeriesDefinition[] = [];
  let next = 0;
  for (let count = reader.count(); count > 0; count--) {
    const ref = next + reader.signed();
    if (ref < 0 || ref > REF_MAX) throw badBinary('a ref out of range');
    next = ref + 1;
    const pairs: [string, string][] = [];
    for (let labels = reader.count(); labels > 0; labels--) pairs.push([text(), text()]);
    const about = reader.u8();
    const type = TYPES[about & TYPE_BITS];
    series.push({
      ref,
      labels: Object.fromEntries(pairs),
      ...(type && { type }),
      ...(about & HAS_UNIT && { unit: text() }),
      ...(about & HAS_HELP && { help: text() }),
    });
  }
  return series;
}
