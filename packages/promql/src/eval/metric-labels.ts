import { type LabelSet, METRIC_NAME } from '@nowcast/model';

/** What a metric is called and measured in: no longer true of a computed value. */
export const METRIC_LABELS: readonly string[] = [METRIC_NAME, '__type__', '__unit__'];

export function dropMetric(labels: LabelSet): LabelSet {
  // Most computed columns have no name left; the common series has only the first of the three.
  return labels.without(...METRIC_LABELS);
}
