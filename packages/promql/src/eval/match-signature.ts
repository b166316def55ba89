import type { LabelSet } from '@nowcast/model';
import type { VectorMatching } from '../ast/binary.ts';
import type { Column } from './column.ts';
import { METRIC_LABELS } from './metric-labels.ts';

/** The labels two series must share to match. */
export function matchLabels(
  labels: LabelSet,
  matching: Pick<VectorMatching, 'on' | 'labels'>,
): LabelSet {
  return matching.on
    ? labels.keep(...matching.labels)
    : labels.without(...METRIC_LABELS, ...matching.labels);
}

/** Columns by what they match on, in the order of first meeting. */
export function groupBySignature(
  columns: readonly Column[],
  matching: Pick<VectorMatching, 'on' | 'labels'>,
): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const { key } = matchLabels(column.labels, matching);
    const group = groups.get(key);
    if (group) group.push(column);
    else groups.set(key, [column]);
  }
  return groups;
}

/** The steps at which any of the columns has a point. */
export function unionPresence(columns: readonly Column[], count: number): Uint8Array {
  const [only] = columns;
  if (only && columns.length === 1) return only.present;
  const union = new Uint8Array(count);
  for (const { present } of columns)
    for (let step = 0; step < count; step++) if (present[step] === 1) union[step] = 1;
  return union;
}
