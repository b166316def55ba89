import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { IntegerStream, startStream, type DeltaOrder } from './integer-stream.ts';

/**
 * A column of timestamps, strictly rising: a grid (start and period) that the clock of the sender aimed at,
 * which slots of it were taken, and how far each timestamp lies from its slot. Jitter then costs its own size
 * instead of twice that, and a missed scrape costs one slot. Times that are no whole milliseconds are kept raw.
 */
export const TIMES_MAX = 7_200;

const RAW = 0;
const GRID = 1;
const LIMIT_MS = 2 ** 46;

const slots = new Float64Array(TIMES_MAX);
const deviations = new Float64Array(TIMES_MAX);

export function encodeTimes(writer: BitWriter, times: Float64Array): void {
  if (!times.every((time) => Number.isInteger(time) && Math.abs(time) <= LIMIT_MS)) {
    writer.byte(RAW);
    for (const time of times) writer.float(time);
    return;
  }
  const start = writer.view().length;
  let bestSize = Infinity;
  let best = 0;
  for (const period of candidatePeriods(times)) {
    encodeGrid(writer, times, period);
    const size = writer.size - start;
    writer.truncate(start);
    if (size >= bestSize) continue;
    bestSize = size;
    best = period;
  }
  encodeGrid(writer, times, best);
}

export function decodeTimes(reader: BitReader, count: number): Float64Array {
  const times = new Float64Array(count);
  if (count > TIMES_MAX) throw new RangeError('more times than a column may have');
  if (reader.byte() === RAW) {
    for (let at = 0; at < count; at++) times[at] = reader.float();
    return times;
  }
  const startMs = reader.signed();
  const periodMs = reader.varint();
  openStream(reader).read(reader, slots, count);
  openStream(reader).read(reader, deviations, count);
  for (let at = 0; at < count; at++)
    times[at] = startMs + (at + (slots[at] as number)) * periodMs + (deviations[at] as number);
  return times;
}

function encodeGrid(writer: BitWriter, times: Float64Array, periodMs: number): void {
  const startMs = times[0] as number;
  for (let at = 0; at < times.length; at++) {
    const sinceMs = (times[at] as number) - startMs;
    const slot = Math.round(sinceMs / periodMs);
    slots[at] = slot - at;
    deviations[at] = sinceMs - slot * periodMs;
  }
  writer.byte(GRID);
  writer.signed(startMs);
  writer.varint(periodMs);
  for (const numbers of [slots, deviations])
    startStream(writer, numbers, times.length, (stream) =>
      writer.byte(stream.order | (stream.flagged ? 4 : 0)),
    );
}

/** The median distance, and the whole second beside it: a sampler that drifts still aims at seconds. */
function candidatePeriods(times: Float64Array): number[] {
  if (times.length < 2) return [1];
  const gaps = new Float64Array(times.length - 1);
  for (let at = 1; at < times.length; at++)
    gaps[at - 1] = (times[at] as number) - (times[at - 1] as number);
  gaps.sort();
  const median = Math.max(1, gaps[gaps.length >> 1] as number);
  const second = Math.round(median / 1_000) * 1_000;
  return second === median || second === 0 ? [median] : [median, second];
}

function openStream(reader: BitReader): IntegerStream {
  const head = reader.byte();
  return new IntegerStream(Math.min(2, head & 3) as DeltaOrder, (head & 4) !== 0);
}
