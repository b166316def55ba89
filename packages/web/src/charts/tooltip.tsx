import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { ChartModel } from '../derive/chart-model.ts';
import { format } from '../i18n/language.ts';
import type { ChartStyle } from './chart-style.ts';
import { nearestIndex } from './cursor.ts';
import type { Feed } from './feed.ts';

export interface TooltipPlace {
  readonly timeMs: number;
  readonly leftPx: number;
  readonly widthPx: number;
  /** Read by keys: said aloud. Under a pointer it would never stop talking. */
  readonly spoken: boolean;
}

export interface TooltipProps {
  readonly place: ReadonlySignal<TooltipPlace | undefined>;
  readonly feed: Feed<ChartModel>;
  readonly style: ChartStyle;
}

const REACH_MS = 3_000;

/** What the chart says at the moment pointed at. */
export function Tooltip({ place, feed, style }: TooltipProps): VNode {
  return (
    <div aria-live={place.value?.spoken ? 'polite' : 'off'}>
      <TooltipBody place={place} feed={feed} style={style} />
    </div>
  );
}

function TooltipBody({ place, feed, style }: TooltipProps): VNode | null {
  const at = place.value;
  const model = feed.picture.value;
  const { stepMs } = feed.range;
  if (at === undefined || model === undefined) return null;
  const index = nearestIndex(model.timesMs, at.timeMs, stepMs ?? REACH_MS);
  if (index === -1) return null;
  const { clock, dateTime, text } = format.value;
  const moment = stepMs === undefined ? clock : dateTime;
  const side =
    at.leftPx > at.widthPx / 2
      ? { right: `${at.widthPx - at.leftPx + 14}px` }
      : { left: `${at.leftPx + 14}px` };
  return (
    <div class="chart-tooltip" style={side}>
      <time>{moment(model.timesMs[index] as number)}</time>
      <ul>
        {model.lines.map(({ id, values }, line) => (
          <li key={id}>
            <span class="swatch" style={{ '--colour': style.colour(id, line) }} />
            {style.name(id)}
            <b>
              {text(
                style.kind === 'mirror'
                  ? Math.abs(values[index] as number)
                  : (values[index] as number),
                style.unit,
              )}
            </b>
          </li>
        ))}
      </ul>
    </div>
  );
}
