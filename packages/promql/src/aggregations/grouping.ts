import type { LabelSet } from '@nowcast/model';
import type { Aggregate } from '../ast/aggregate.ts';
import type { Column } from '../eval/column.ts';
import { METRIC_LABELS } from '../eval/metric-labels.ts';

/** The columns that fall together under an aggregation. */
export interface Group {
  readonly labels: LabelSet;
  readonly columns: Column[];
}

/** Puts columns into groups, in the order in which each group is first met. */
export function groupColumns(
  { grouping, without }: Pick<Aggregate, 'grouping' | 'without'>,
  columns: readonly Column[],
): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const column of columns) {
    const labels = without
      ? column.labels.without(...METRIC_LABELS, ...grouping)
      : column.labels.keep(...grouping);
    const group = groups.get(labels.key);
    if (group) group.columns.push(column);
    else groups.set(labels.key, { labels, columns: [column] });
  }
  return [...groups.values()];
}
