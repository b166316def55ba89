/** The reading side of `sample-group.ts`. */
import { toWireValue, type WireValue } from '../fields/value.ts';
import type { UpdateGroup } from '../messages/update.ts';
import { badBinary, type ByteReader } from './byte-reader.ts';
import { readSet } from './ref-set.ts';
import {
  CHANGED_NONE,
  CHANGED_SOME,
  SAMPLES_PER_UPDATE_MAX,
  SHAPE_RUN,
  SHAPE_SET,
  SHAPES,
  type GroupCursor,
} from './sample-group.ts';
import { readValue, type Base } from './value-decoder.ts';

/** By ref; one that is not in here has not been defined. */
export type Bases = Map<number, Base>;

/** @throws {CodedError} `bad-binary`, also for a ref that was not defined. */
export function readGroup(reader: ByteReader, cursor: GroupCursor, bases: Bases): UpdateGroup {
  const timeMs = readTime(reader, cursor);
  const head = reader.signed();
  const shape = ((head % SHAPES) + SHAPES) % SHAPES;
  const who = shape >= SHAPE_SET ? SHAPE_SET : shape >= SHAPE_RUN ? SHAPE_RUN : 0;
  const which = shape - who;
  const all = readRefs(reader, cursor.next + (head - shape) / SHAPES, who);
  const last = all[all.length - 1] as number;
  cursor.samples += countOf(all);
  if (cursor.samples > SAMPLES_PER_UPDATE_MAX) throw badBinary('too many samples');
  cursor.next = last + 1;
  const { refs, same } = divide(all, which === CHANGED_SOME ? readSet(reader, 0) : which, bases);
  const values: WireValue[] = [];
  for (const ref of refs) values.push(toWireValue(readValue(reader, bases.get(ref) as Base)));
  return same.length === 0 ? { timeMs, refs, values } : { timeMs, refs, values, same };
}

function readTime(reader: ByteReader, cursor: GroupCursor): number {
  const step = reader.signed();
  const timeMs = step % 2 === 0 ? cursor.timeMs + step / 2 : reader.f64();
  if (!Number.isFinite(timeMs)) throw badBinary('a time that is none');
  cursor.timeMs = timeMs;
  return timeMs;
}

/** Who was sampled, as runs. */
function readRefs(reader: ByteReader, first: number, who: number): readonly number[] {
  if (who === SHAPE_SET) {
    const runs = readSet(reader, first);
    if (runs.length === 0) throw badBinary('nobody was sampled');
    return runs;
  }
  return [first, who === SHAPE_RUN ? first + 1 + reader.varint() : first];
}

function countOf(runs: readonly number[]): number {
  let count = 0;
  for (let at = 0; at < runs.length; at += 2)
    count += (runs[at + 1] as number) - (runs[at] as number) + 1;
  return count;
}

/** `changed`: places within `all` as runs, or one of the shapes for all and none. */
function divide(
  all: readonly number[],
  changed: readonly number[] | number,
  bases: Bases,
): { refs: number[]; same: number[] } {
  const refs: number[] = [];
  const same: number[] = [];
  let place = 0;
  let at = 0;
  for (let run = 0; run < all.length; run += 2)
    for (let ref = all[run] as number; ref <= (all[run + 1] as number); ref++, place++) {
      if (!bases.has(ref)) throw badBinary(`ref ${ref} was not defined`);
      if (typeof changed !== 'number') while (place > (changed[at + 1] as number)) at += 2;
      const isChanged =
        typeof changed === 'number' ? changed !== CHANGED_NONE : place >= (changed[at] ?? Infinity);
      if (isChanged) refs.push(ref);
      else if (same.length > 0 && same.at(-1) === ref - 1) same[same.length - 1] = ref;
      else same.push(ref, ref);
    }
  return { refs, same };
}
