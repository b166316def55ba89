import { extentOf, lastOf } from '../derive/columns.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { format, t } from '../i18n/language.ts';
import { windowMinutes } from '../state/preferences.ts';
import type { ChartStyle } from './chart-style.ts';

/** The chart in one sentence, for those who do not see it. */
export function chartSummary(title: string, model: ChartModel, style: ChartStyle): string {
  const { text, duration } = format.value;
  const lines = model.lines.map(({ id, values }) => {
    const size = style.kind === 'mirror' ? values.map(Math.abs) : values;
    const { min, max } = extentOf(size);
    return t('chart.line', {
      name: style.name(id),
      last: text(lastOf(size), style.unit),
      min: text(min, style.unit),
      max: text(max, style.unit),
    });
  });
  return t('chart.summary', {
    title,
    window: duration(windowMinutes.value * 60),
    lines: lines.length === 0 ? t('chart.empty') : lines.join('; '),
  });
}
