import type { VNode } from 'preact';
import { extentOf } from '../derive/columns.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { lastOfLine } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import type { ChartStyle } from './chart-style.ts';
import { cursorMs, nearestIndex } from './cursor.ts';
import type { Feed } from './feed.ts';
import './legend.css';

export interface LegendProps {
  readonly feed: Feed<ChartModel>;
  readonly style: ChartStyle;
}

const REACH_MS = 3_000;

/** The lines of a chart with their newest, smallest and largest value; under a pointer, the value there. */
export function Legend({ feed, style }: LegendProps): VNode {
  const live = feed.value.value;
  const model = feed.picture.value;
  const { stepMs } = feed.range;
  const pointed = cursorMs.value;
  const { text, clock, dateTime } = format.value;
  const index =
    model === undefined || pointed === undefined
      ? -1
      : nearestIndex(model.timesMs, pointed, stepMs ?? REACH_MS);
  return (
    <table class="legend">
      <thead>
        <tr>
          <td class="pointed">
            {index === -1
              ? ''
              : (stepMs === undefined ? clock : dateTime)(model?.timesMs[index] ?? NaN)}
          </td>
          <th scope="col" class={index === -1 ? '' : 'pointed'}>
            {t(index === -1 ? 'tile.now' : 'tile.then')}
          </th>
          <th scope="col">{t('tile.min')}</th>
          <th scope="col">{t('tile.max')}</th>
        </tr>
      </thead>
      <tbody>
        {((model ?? live)?.lines ?? []).map(({ id, values }, line) => {
          const sizes = style.kind === 'mirror' ? values.map(Math.abs) : values;
          const { min, max } = extentOf(sizes);
          // The newest value is the present, also where the points are averages.
          const newest = lastOfLine(live, id);
          const present = style.kind === 'mirror' ? Math.abs(newest) : newest;
          const now = index === -1 ? present : (sizes[index] as number);
          return (
            <tr key={id}>
              <th scope="row">
                <span class="legend-line">
                  <span class="swatch" style={{ '--colour': style.colour(id, line) }} />
                  <span class="legend-name">{style.name(id)}</span>
                </span>
              </th>
              <td class="legend-now" data-testid={`now-${id}`}>
                {text(now, style.unit)}
              </td>
              <td>{text(min, style.unit)}</td>
              <td>{text(max, style.unit)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
