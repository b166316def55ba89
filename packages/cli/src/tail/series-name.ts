/** Names of series that say what tells them apart, and leave out what all have in common. */
import { LabelSet } from '@nowcast/model';
import { printable } from '../text-width.ts';

export interface SeriesNames {
  /** What all have in common, as a selector; '' when there is nothing. */
  readonly common: string;
  /** In the order given. */
  readonly names: readonly string[];
}

export function distinguish(series: readonly LabelSet[]): SeriesNames {
  const [first] = series;
  if (!first || series.length === 1)
    return { common: '', names: series.map((labels) => printable(labels.toString())) };
  const common = LabelSet.fromEntries(
    [...first].filter(([name, value]) => series.every((labels) => labels.get(name) === value)),
  );
  const shared = [...common].map(([name]) => name);
  return {
    common: common.size === 0 ? '' : printable(common.toString()),
    names: series.map((labels) => printable(labels.without(...shared).toString())),
  };
}
