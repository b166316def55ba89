/**
 * Sets of whole numbers, rising: as runs or as a bitmap, whichever is shorter.
 *
 *     set  := size · 2,     (gap, length − 1)…    runs; `size` of them, gap = numbers left out since the run before
 *           | size · 2 + 1, bits…                 a bitmap of `size` bytes, the lowest bit first
 *
 * Numbers count from a start that both sides know. In memory a set is its runs: first, last, first, last … inclusive.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Runs of numbers that rise. */
export function toRuns(numbers: readonly number[]): number[] {
  const runs: number[] = [];
  for (const number of numbers) {
    const last = runs.length - 1;
    if (last > 0 && runs[last] === number - 1) runs[last] = number;
    else runs.push(number, number);
  }
  return runs;
}

export function writeSet(out: ByteWriter, runs: readonly number[], start: number): void {
  let runsBytes = 0;
  let next = start;
  for (let at = 0; at < runs.length; at += 2) {
    const first = runs[at] as number;
    const last = runs[at + 1] as number;
    runsBytes += varintLength(first - next) + varintLength(last - first);
    next = last + 1;
  }
  const bitmapBytes = Math.ceil((next - start) / 8);
  if (bitmapBytes < runsBytes) {
    out.varint(bitmapBytes * 2 + 1);
    out.bytes(toBitmap(runs, start, bitmapBytes));
    return;
  }
  out.varint(runs.length);
  next = start;
  for (let at = 0; at < runs.length; at += 2) {
    const first = runs[at] as number;
    const last = runs[at + 1] as number;
    out.varint(first - next);
    out.varint(last - first);
    next = last + 1;
  }
}

export function readSet(reader: ByteReader, start: number): number[] {
  const head = reader.varint();
  // Every run takes two bytes or more: a size that lies runs into the end of the message.
  const size = Math.floor(head / 2);
  if (head % 2 === 1) return fromBitmap(reader.bytes(size), start);
  const runs: number[] = [];
  let next = start;
  for (let run = 0; run < size; run++) {
    const first = next + reader.varint();
    const last = first + reader.varint();
    runs.push(first, last);
    next = last + 1;
  }
  return runs;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) length++;
  return length;
}

function toBitmap(runs: readonly number[], start: number, size: number): Uint8Array {
  const bitmap = new Uint8Array(size);
  for (let at = 0; at < runs.length; at += 2)
    for (let number = runs[at] as number; number <= (runs[at + 1] as number); number++)
      setBit(bitmap, number - start);
  return bitmap;
}

function setBit(bitmap: Uint8Array, at: number): void {
  bitmap[at >>> 3] = (bitmap[at >>> 3] as number) | (1 << (at & 7));
}

function fromBitmap(bitmap: Uint8Array, start: number): number[] {
  const runs: number[] = [];
  for (let at = 0; at < bitmap.length * 8; at++) {
    if (((bitmap[at >>> 3] as number) & (1 << (at & 7))) === 0) continue;
    const last = runs.length - 1;
    if (last > 0 && runs[last] === start + at - 1) runs[last] = start + at;
    else runs.push(start + at, start + at);
  }
  return runs;
}
