/** The aggregations that keep some of the series as they are: topk, bottomk, limitk, limit_ratio. */
import type { Aggregate } from '../ast/aggregate.ts';
import type { Column } from '../eval/column.ts';
import { type EvalContext, queryFailed } from '../eval/context.ts';
import type { Group } from './grouping.ts';

/** Chooses from the indexes of the columns present at a step, best first. */
type Pick = (group: Group, candidates: Int32Array, step: number) => readonly number[];

/** The picked points of a group; for an instant the best comes first. */
export function pickColumns(
  context: EvalContext,
  { group, aggregate }: { readonly group: Group; readonly aggregate: Aggregate },
  param: Float64Array,
): readonly Column[] {
  const { count } = context.grid;
  const pick = pickFor(context, aggregate, param);
  const kept = new Map<number, Uint8Array>();
  const candidates = new Int32Array(group.columns.length);
  let order: readonly number[] = [];
  for (let step = 0; step < count; step++) {
    let length = 0;
    for (let at = 0; at < group.columns.length; at++)
      if ((group.columns[at] as Column).present[step] === 1) candidates[length++] = at;
    order = pick(group, candidates.subarray(0, length), step);
    for (const at of order) {
      let present = kept.get(at);
      if (!present) kept.set(at, (present = new Uint8Array(count)));
      present[step] = 1;
    }
  }
  // An instant keeps the order of picking; over steps there is none, so that of the series.
  const shown = count === 1 ? order : [...kept.keys()].sort((a, b) => a - b);
  return shown.map((at) => ({
    ...(group.columns[at] as Column),
    present: kept.get(at) as Uint8Array,
  }));
}

/** Refuses what is no number of series; before any series is looked at. */
export function checkPickParam(aggregate: Aggregate, param: Float64Array): void {
  for (const value of param) {
    if (Number.isNaN(value)) throw queryFailed('Parameter value is NaN');
    if (aggregate.op !== 'limit_ratio' && Math.abs(value) >= 2 ** 63)
      throw queryFailed(`Scalar value ${value} overflows int64`);
  }
}

function pickFor(context: EvalContext, aggregate: Aggregate, param: Float64Array): Pick {
  const limitAt = (step: number): number => Math.max(0, Math.trunc(param[step] as number));
  switch (aggregate.op) {
    case 'topk':
      return (group, candidates, step) =>
        best(group, candidates, { step, limit: limitAt(step), sign: 1 });
    case 'bottomk':
      return (group, candidates, step) =>
        best(group, candidates, { step, limit: limitAt(step), sign: -1 });
    case 'limitk':
      return (_, candidates, step) => [...candidates.subarray(0, limitAt(step))];
    default:
      remarkRatio(context, aggregate, param);
      return (group, candidates, step) =>
        [...candidates].filter((at) => inRatio(group.columns[at] as Column, param[step] as number));
  }
}

interface Selection {
  readonly step: number;
  readonly limit: number;
  /** 1: the largest; −1: the smallest. */
  readonly sign: 1 | -1;
}

/** By value, NaN last, ties in the order of the series: kept sorted while the candidates pass by. */
function best(
  { columns }: Group,
  candidates: Int32Array,
  { step, limit, sign }: Selection,
): readonly number[] {
  const order: number[] = [];
  const ranks: number[] = [];
  for (const at of candidates) {
    const value = (columns[at] as Column).values[step] as number;
    // What is no number ranks below all that are; below −Infinity too, so it goes by comparison.
    const rank = sign * value;
    let place = order.length;
    if (place >= limit && !outranks(rank, ranks[place - 1] as number)) continue;
    while (place > 0 && outranks(rank, ranks[place - 1] as number)) place--;
    order.splice(place, 0, at);
    ranks.splice(place, 0, rank);
    if (order.length > limit) {
      order.pop();
      ranks.pop();
    }
  }
  return order;
}

function outranks(rank: number, other: number): boolean {
  return rank > other || (Number.isNaN(other) && !Number.isNaN(rank));
}

/** A ratio of r and one of r − 1 share the series out between them. */
function inRatio({ labels }: Column, ratio: number): boolean {
  const place = hashFraction(labels.key);
  return ratio >= 0 ? place < Math.min(1, ratio) : place >= 1 + Math.max(-1, ratio);
}

/** FNV-1a, finished so that near keys part, as a number in [0, 1). */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function remarkRatio(context: EvalContext, aggregate: Aggregate, param: Float64Array): void {
  const bad = param.find((value) => value < -1 || value > 1);
  if (bad === undefined) return;
  context.annotations.warn(
    `ratio value should be between -1 and 1, got ${bad}, capping to ${bad > 0 ? 1 : -1}`,
    aggregate.param?.span ?? aggregate.span,
  );
}
