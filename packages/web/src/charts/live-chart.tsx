import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ChartModel } from '../derive/chart-model.ts';
import { usePage } from '../app/overview-context.ts';
import { format, language, t } from '../i18n/language.ts';
import { windowMinutes } from '../state/preferences.ts';
import { paletteVersion } from '../theme/theme.ts';
import { readWithKeys } from './chart-keys.ts';
import { chartSummary } from './chart-summary.ts';
import type { ChartStyle } from './chart-style.ts';
import { cursorMs } from './cursor.ts';
import type { Feed } from './feed.ts';
import type { Palette } from './palette.ts';
import { Plot } from './plot.ts';
import { Tooltip, type TooltipPlace } from './tooltip.tsx';
import './live-chart.css';

export interface LiveChartProps {
  /** What the chart shows, for its name and its summary. */
  readonly title: string;
  readonly feed: Feed<ChartModel>;
  readonly style: ChartStyle;
  readonly height?: number | undefined;
}

/** A chart that follows its feed. The picture is a canvas; what it says is also there as text. */
export function LiveChart({ title, feed, style, height = 168 }: LiveChartProps): VNode {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const place = useSignal<TooltipPlace | undefined>(undefined);
  const summary = useSignal('');
  const summaryId = useId();
  const { palette } = usePage();
  const look = `${paletteVersion.value} ${language.value}`;

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    return mountPlot({ element, feed, style, height, plot, palette, place });
  }, [feed, look, height]);

  const summarise = (): void => {
    const model = feed.value.peek();
    if (model !== undefined) summary.value = chartSummary(title, model, style);
  };
  useEffect(summarise, [feed, language.value, windowMinutes.value]);

  return (
    <div
      class="live-chart"
      role="group"
      tabIndex={0}
      aria-roledescription={t('chart.role')}
      aria-label={title}
      aria-describedby={summaryId}
      data-testid="chart"
      onFocus={summarise}
      onKeyDown={(event) => readWithKeys(event, feed.value.peek(), plot.current)}
      onBlur={() => plot.current?.pointAt(undefined)}
    >
      <div
        class="live-chart-plot"
        ref={host}
        style={{ height: `${height}px` }}
        aria-hidden="true"
      />
      <Tooltip place={place} feed={feed} style={style} />
      <p class="visually-hidden" id={summaryId}>
        {summary} {t('chart.keys')}
      </p>
    </div>
  );
}

interface Mounting {
  readonly element: HTMLElement;
  readonly feed: Feed<ChartModel>;
  readonly style: ChartStyle;
  readonly height: number;
  readonly plot: { current: Plot | undefined };
  readonly palette: Palette;
  readonly place: Signal<TooltipPlace | undefined>;
}

/** Keeps a plot in the element: made when width and lines are known, made anew when the lines change. */
function mountPlot({ element, feed, style, height, plot, palette, place }: Mounting): () => void {
  let width = 0;
  let drawnLines = '';
  const discard = (): void => {
    plot.current?.destroy();
    plot.current = undefined;
  };
  const stop = feed.listen((model, range) => {
    const lines = model.lines.map(({ id }) => id).join('\n');
    if (lines !== drawnLines) discard();
    drawnLines = lines;
    if (width === 0 || lines === '') return;
    plot.current ??= new Plot(element, model, {
      style,
      palette,
      width,
      height,
      texts: axisTexts(style),
      onCursor: (timeMs, leftPx) => {
        const own = element.matches(':hover') || element.parentElement === document.activeElement;
        if (own) cursorMs.value = timeMs;
        place.value = own && timeMs !== undefined ? { timeMs, leftPx, widthPx: width } : undefined;
      },
    });
    plot.current.show(model, range);
  });
  const observer = new ResizeObserver(([entry]) => {
    const next = Math.floor(entry?.contentRect.width ?? 0);
    if (next === width || next === 0) return;
    width = next;
    if (plot.current === undefined) feed.refresh();
    else plot.current.resize(width, height);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    stop();
    discard();
  };
}

function axisTexts(style: ChartStyle): ConstructorParameters<typeof Plot>[2]['texts'] {
  const { axis, clock, minute } = format.peek();
  // The line of the day is clear on a chart of minutes: half of it need not be said at every tick.
  const short = (text: string): string => text.replace(/\s?[AP]M$/i, '');
  return {
    axisValue: (value) => axis(style.kind === 'mirror' ? Math.abs(value) : value, style.unit),
    axisTime: (timeMs) => short(timeMs % 60_000 === 0 ? minute(timeMs) : clock(timeMs)),
  };
}
