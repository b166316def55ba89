import { LabelSet, type LabelRecord } from '@nowcast/model';

export function named(metric: string, labels: LabelRecord = {}): LabelSet {
  return LabelSet.from({ __name__: metric, ...labels });
}
