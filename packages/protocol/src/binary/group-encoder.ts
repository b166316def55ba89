/** The writing side of `sample-group.ts`. */
import type { ByteWriter } from './byte-writer.ts';
import { toRuns, writeSet } from './ref-set.ts';
import {
  CHANGED_ALL,
  CHANGED_NONE,
  CHANGED_SOME,
  SHAPE_ONE,
  SHAPE_RUN,
  SHAPE_SET,
  SHAPES,
  type GroupCursor,
} from './sample-group.ts';
import type { ValueEncoder } from './value-encoder.ts';

/** Samples to be written: `values[i]` belongs to `refs[i]`, `same` are refs whose value is the one before. */
export interface SampleGroup {
  readonly timeMs: number;
  readonly refs: readonly number[];
  readonly values: readonly number[];
  readonly same: readonly number[];
}

/** Writes a group; where a ref occurs in it twice, as two of the same time. An empty one leaves no trace. */
export function writeGroup(
  out: ByteWriter,
  group: SampleGroup,
  cursor: GroupCursor,
  values: ValueEncoder,
): void {
  const { timeMs, refs, same } = group;
  const all = [...refs, ...same].sort((a, b) => a - b);
  if (all.length === 0) return;
  if (all.some((ref, at) => ref === all[at + 1])) {
    const [first, second] = splitRepeats(group);
    writeGroup(out, first, cursor, values);
    writeGroup(out, second, cursor, values);
    return;
  }
  writeTime(out, timeMs, cursor);
  const order = refs.map((_, at) => at);
  if (!rises(refs)) order.sort((a, b) => refAt(group, a) - refAt(group, b));
  const changed = order.map((at) => refAt(group, at));
  writeRefs(out, all, changed, cursor);
  for (const at of order) values.write(out, refAt(group, at), group.values[at] as number);
}

/** What is told of each ref first, and the rest. */
function splitRepeats({ timeMs, refs, values, same }: SampleGroup): [SampleGroup, SampleGroup] {
  const first = { timeMs, refs: [] as number[], values: [] as number[], same: [] as number[] };
  const rest = { timeMs, refs: [] as number[], values: [] as number[], same: [] as number[] };
  const met = new Set<number>();
  for (const [at, ref] of refs.entries()) {
    const part = met.has(ref) ? rest : first;
    met.add(ref);
    part.refs.push(ref);
    part.values.push(values[at] as number);
  }
  for (const ref of same) {
    (met.has(ref) ? rest : first).same.push(ref);
    met.add(ref);
  }
  return [first, rest];
}

function rises(refs: readonly number[]): boolean {
  return refs.every((ref, at) => at === 0 || ref > (refs[at - 1] as number));
}

function refAt(group: SampleGroup, at: number): number {
  return group.refs[at] as number;
}

function writeTime(out: ByteWriter, timeMs: number, cursor: GroupCursor): void {
  const difference = timeMs - cursor.timeMs;
  const isWhole = Number.isInteger(difference) && Math.abs(difference) < 2 ** 50;
  if (isWhole && cursor.timeMs + difference === timeMs) out.signed(difference * 2);
  else {
    out.signed(1);
    out.f64(timeMs);
  }
  cursor.timeMs = timeMs;
}

function writeRefs(
  out: ByteWriter,
  all: readonly number[],
  changed: readonly number[],
  cursor: GroupCursor,
): void {
  const count = all.length;
  const first = all[0] as number;
  const last = all[count - 1] as number;
  const isRun = last - first === count - 1;
  const who = count === 1 ? SHAPE_ONE : isRun ? SHAPE_RUN : SHAPE_SET;
  let which = CHANGED_SOME;
  if (changed.length === count) which = CHANGED_ALL;
  else if (changed.length === 0) which = CHANGED_NONE;
  out.signed((first - cursor.next) * SHAPES + who + which);
  cursor.next = last + 1;
  if (who === SHAPE_RUN) out.varint(count - 2);
  if (who === SHAPE_SET) writeSet(out, toRuns(all), first);
  if (which === CHANGED_SOME) writeSet(out, toRuns(placesOf(changed, all)), 0);
}

/** Where each of `some` stands in `all`; both rise. */
function placesOf(some: readonly number[], all: readonly number[]): number[] {
  const places: number[] = [];
  let at = 0;
  for (const number of some) {
    while (all[at] !== number) at++;
    places.push(at);
  }
  return places;
}
