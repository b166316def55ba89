import { compareLabels, LabelSet } from '@nowcast/model';
import { lowerBound, wordsOf, type SampleRun } from '../block/sample-run.ts';
import { BlockWriter } from '../block/block-writer.ts';
import { BitReader } from '../codec/bit-reader.ts';
import { Generation } from '../head/generation.ts';
import { Shape, type ShapeData } from '../head/shape.ts';
import type { BlockSet } from './block-set.ts';
import type { BlockInfo } from './manifest.ts';

export const WINDOW_MS = 7_200_000;
export const DAY_MS = 86_400_000;
/** A generation that spans more than this is cut into days instead of windows. */
const WINDOWS_MAX = 6;

/** The length of the windows that data spanning `spanMs` is cut into. */
function windowSize(spanMs: number): number {
  return spanMs > WINDOWS_MAX * WINDOW_MS ? DAY_MS : WINDOW_MS;
}

/** The labels of the series to seal: per series its ref and pairs, written by the owner of the head. */
function decodeLabels(parts: readonly Uint8Array[]): { ref: number; labels: LabelSet }[] {
  const found: { ref: number; labels: LabelSet }[] = [];
  // Names and values repeat all over; one string of each keeps a large seal small.
  const known = new Map<string, string>();
  const intern = (text: string): string => {
    const same = known.get(text);
    if (same === undefined) known.set(text, text);
    return same ?? text;
  };
  for (const bytes of parts) {
    const reader = new BitReader(bytes);
    while (!reader.done) {
      const ref = reader.varint();
      const pairs: string[] = [];
      for (let left = reader.varint(); left > 0; left--) pairs.push(intern(reader.text()));
      found.push({ ref, labels: LabelSet.fromSortedPairs(pairs) });
    }
  }
  return found.sort((a, b) => compareLabels(a.labels, b.labels));
}

/**
 * Writes a generation of the head into blocks, one per window of time it touches. The files are durable when
 * this returns; they become part of the store with the manifest.
 */
export async function sealGeneration(
  set: BlockSet,
  generation: { readonly shapes: readonly ShapeData[]; readonly labels: readonly Uint8Array[] },
  pause: () => Promise<void>,
): Promise<BlockInfo[]> {
  const samples = Generation.fromShapes(generation.shapes.map((data) => Shape.fromData(data)));
  const size = windowSize(samples.maxMs - samples.minMs);
  const open = new Map<number, { id: number; writer: BlockWriter }>();
  try {
    const shared = new Map();
    for (const { ref, labels } of decodeLabels(generation.labels)) {
      const run = samples.read(ref, { startMs: -Infinity, endMs: Infinity }, shared);
      for (const [start, part] of windows(run, size)) {
        let block = open.get(start);
        if (block === undefined) {
          const id = set.takeId();
          open.set(start, (block = { id, writer: new BlockWriter(set.path(id)) }));
        }
        block.writer.add(labels.pairs, part.times, wordsOf(part.values));
      }
      await pause();
    }
  } catch (error) {
    for (const { writer } of open.values()) writer.abandon();
    throw error;
  }
  return [...open.values()].map(({ id, writer }) => finish(id, writer));
}

function* windows(run: SampleRun, size: number): IterableIterator<readonly [number, SampleRun]> {
  for (let at = 0; at < run.times.length;) {
    const start = Math.floor((run.times[at] as number) / size) * size;
    const end = lowerBound(run.times, start + size);
    yield [start, { times: run.times.subarray(at, end), values: run.values.subarray(at, end) }];
    at = end;
  }
}

/** Makes a block durable and says what it is; its order is its own id until it is merged. */
function finish(id: number, writer: BlockWriter): BlockInfo {
  const { samples, series, minMs, maxMs } = writer;
  return { id, order: id, samples, series, minMs, maxMs, bytes: writer.finish() };
}
