/**
 * One line of a spool file: eight hex digits of CRC-32, a space, JSON, a newline. A line that was cut off
 * or damaged is told from a good one by its checksum; the text can be read and mended by a person.
 */
import { crc32 } from 'node:zlib';
import { fromWireValue, toWireValue, type WireValue } from '@nowcast/protocol';
import type { SpooledSeries } from '../series-dictionary.ts';
import type { SpooledBatch } from '../spool.ts';

export interface BatchRecord {
  readonly type: 'batch';
  readonly seq: number;
  readonly timeMs: number;
  readonly refs: readonly number[];
  readonly values: readonly WireValue[];
  /** Everything up to this seq was acknowledged when this was written. */
  readonly releasedSeq: number;
  /** Series that this file has not named before. */
  readonly series?: readonly SpooledSeries[] | undefined;
}

export type SpoolRecord =
  | BatchRecord
  | { readonly type: 'epoch'; readonly epoch: number }
  | { readonly type: 'released'; readonly releasedSeq: number };

export function encodeRecord(record: SpoolRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/** Undefined when the line is damaged. */
export function decodeRecord(line: string): SpoolRecord | undefined {
  const json = line.slice(9);
  if (line.length < 10 || line.slice(0, 8) !== checksum(json)) return undefined;
  return JSON.parse(json) as SpoolRecord;
}

export function toRecord(
  batch: SpooledBatch,
  releasedSeq: number,
  series: readonly SpooledSeries[],
): BatchRecord {
  const values = Array.from(batch.values, toWireValue);
  return { type: 'batch', ...batch, values, releasedSeq, ...(series.length > 0 ? { series } : {}) };
}

export function fromRecord(record: BatchRecord): SpooledBatch {
  const { seq, timeMs, refs } = record;
  return { seq, timeMs, refs, values: Float64Array.from(record.values, fromWireValue) };
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
