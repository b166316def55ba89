/** and, or, unless: which points stay is decided step by step, by whether the other side has a match. */
import type { Binary } from '../ast/binary.ts';
import { type Column, isEmpty, vector, type VectorValue } from './column.ts';
import { groupBySignature, matchLabels, unionPresence } from './match-signature.ts';
import { mergeColumns } from './merge.ts';

export function setOperation(
  { op, matching }: Binary,
  left: readonly Column[],
  right: readonly Column[],
): VectorValue {
  const count = left[0]?.present.length ?? right[0]?.present.length ?? 0;
  const presenceOf = (columns: readonly Column[]): ((column: Column) => Uint8Array | undefined) => {
    const presence = new Map<string, Uint8Array>();
    for (const [key, group] of groupBySignature(columns, matching))
      presence.set(key, unionPresence(group, count));
    return (column) => presence.get(matchLabels(column.labels, matching).key);
  };
  if (op === 'or') {
    const inLeft = presenceOf(left);
    const added = right.map((column) => mask(column, inLeft(column), 0));
    return vector(mergeColumns([...left, ...added.filter((column) => !isEmpty(column))]));
  }
  const inRight = presenceOf(right);
  const wanted = op === 'and' ? 1 : 0;
  const kept = left.map((column) => mask(column, inRight(column), wanted));
  return vector(kept.filter((column) => !isEmpty(column)));
}

/** The points of the column at steps where the other side is there (1) or is not (0). */
function mask(column: Column, other: Uint8Array | undefined, wanted: 0 | 1): Column {
  const { length } = column.present;
  if (!other) return wanted === 0 ? column : { ...column, present: new Uint8Array(length) };
  const present = new Uint8Array(length);
  for (let step = 0; step < length; step++)
    if (column.present[step] === 1 && other[step] === wanted) present[step] = 1;
  return { ...column, present };
}
