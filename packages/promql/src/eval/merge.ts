import { type Column, isEmpty } from './column.ts';
import { queryFailed } from './context.ts';

/**
 * Joins columns that have come to the same labels, as happens when names are dropped. Series that take
 * turns over time become one; two points at the same step are an error, as in Prometheus.
 */
export function mergeColumns(columns: readonly Column[]): readonly Column[] {
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const { key } = column.labels;
    const other = byKey.get(key);
    byKey.set(key, other ? join(other, column) : column);
  }
  return byKey.size === columns.length ? columns : [...byKey.values()];
}

/** Refuses columns that have come to the same labels, whether or not they share a step. */
export function refuseSameLabels(columns: readonly Column[]): readonly Column[] {
  const keys = new Set<string>();
  for (const column of columns) {
    if (isEmpty(column)) continue;
    if (keys.has(column.labels.key)) throw sameLabels();
    keys.add(column.labels.key);
  }
  return columns;
}

function join(a: Column, b: Column): Column {
  const values = Float64Array.from(a.values);
  const present = Uint8Array.from(a.present);
  for (let step = 0; step < present.length; step++) {
    if (b.present[step] === 0) continue;
    if (present[step] === 1) throw sameLabels();
    values[step] = b.values[step] as number;
    present[step] = 1;
  }
  return { labels: a.labels, values, present };
}

function sameLabels(): Error {
  return queryFailed('vector cannot contain metrics with the same labelset');
}
