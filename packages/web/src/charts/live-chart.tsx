import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ChartModel } from '../derive/chart-model.ts';
import { usePage } from '../app/overview-context.ts';
import { format, language, t } from '../i18n/language.ts';
import { stepOf } from '../state/past-query.ts';
import { windowMinutes } from '../state/preferences.ts';
import { paletteVersion } from '../theme/theme.ts';
import { chartSummary } from './chart-summary.ts';
import type { ChartStyle } from './chart-style.ts';
import type { Feed } from './feed.ts';
import { MountedChart } from './mounted-chart.ts';
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
  const mounted = useRef<MountedChart | undefined>(undefined);
  const place = useSignal<TooltipPlace | undefined>(undefined);
  const summary = useSignal('');
  const summaryId = useId();
  const { palette } = usePage();
  const look = `${paletteVersion.value} ${language.value}`;

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const chart = new MountedChart({ element, feed, style, height, palette, place });
    mounted.current = chart;
    return () => chart.close();
  }, [feed, look, height]);

  const summarise = (): void => {
    const model = feed.picture.peek();
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
      onKeyDown={(event) => mounted.current?.readWithKey(event)}
      onBlur={() => mounted.current?.leave()}
    >
      <div
        class="live-chart-plot"
        ref={host}
        style={{ height: `${height}px` }}
        aria-hidden="true"
      />
      <PastNote feed={feed} />
      <Tooltip place={place} feed={feed} style={style} />
      <p class="visually-hidden" id={summaryId}>
        {summary} {t('chart.keys')}
      </p>
    </div>
  );
}

/** What a point stands for, where it is no sample; and that a long range is on its way. */
function PastNote({ feed }: { readonly feed: Feed<ChartModel> }): VNode | null {
  const model = feed.picture.value;
  const stepMs = stepOf(windowMinutes.value);
  if (stepMs === undefined) return null;
  return (
    <p class="live-chart-note" data-testid="chart-note">
      {feed.failed.value
        ? t('chart.pastFailed')
        : model === undefined
          ? t('chart.loading')
          : t('chart.averages', { step: format.value.duration(stepMs / 1_000) })}
    </p>
  );
}
