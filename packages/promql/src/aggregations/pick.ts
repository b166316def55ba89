/** The aggregations that keep some of the series as they are: topk, bottomk, limitk, limit_ratio. */
import type { Aggregate } from '../ast/aggregate.ts';
import { type Column, isEmpty } from '../eval/column.ts';
import { type EvalContext, queryFailed } from '../eval/context.ts';
import type { Group } from './grouping.ts';

/** Chooses from the indexes of the columns present at a step, best first. */
type Pick = (group: Group, candidates: readonly number[], step: number) => readonly number[];

/** The picked points of a group; for an instant the best comes first. */
export function pickColumns(
  context: EvalContext,
  { group, aggregate }: { readonly group: Group; readonly aggregate: Aggregate },
  param: Float64Array,
): readonly Column[] {
  const { count } = context.grid;
  const pick = pickFor(context, aggregate, param);
  const kept = group.columns.map(() => new Uint8Array(count));
  let lastOrder: readonly number[] = [];
  for (let step = 0; step < count; step++) {
    const candidates: number[] = [];
    group.columns.forEach((column, at) => {
      if (column.present[step] === 1) candidates.push(at);
    });
    lastOrder = pick(group, candidates, step);
    for (const at of lastOrder) (kept[at] as Uint8Array)[step] = 1;
  }
  const columns = group.columns.map((column, at) => ({
    ...column,
    present: kept[at] as Uint8Array,
  }));
  if (count === 1) return lastOrder.map((at) => columns[at] as Column);
  return columns.filter((column) => !isEmpty(column));
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
        best(group, candidates, { step, sign: -1 }).slice(0, limitAt(step));
    case 'bottomk':
      return (group, candidates, step) =>
        best(group, candidates, { step, sign: 1 }).slice(0, limitAt(step));
    case 'limitk':
      return (_, candidates, step) => candidates.slice(0, limitAt(step));
    default:
      remarkRatio(context, aggregate, param);
      return (group, candidates, step) =>
        candidates.filter((at) => inRatio(group.columns[at] as Column, param[step] as number));
  }
}

/** By value, NaN last, ties in the order of the series. */
function best(
  { columns }: Group,
  candidates: readonly number[],
  { step, sign }: { readonly step: number; readonly sign: 1 | -1 },
): readonly number[] {
  const valueOf = (at: number): number => (columns[at] as Column).values[step] as number;
  return [...candidates].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (Number.isNaN(left) || Number.isNaN(right))
      return (Number.isNaN(left) ? 1 : 0) - (Number.isNaN(right) ? 1 : 0);
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  });
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
