import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { lastOfLine } from '../derive/present.ts';
import { t } from '../i18n/language.ts';
import { Readout } from './readout.tsx';
import type { FeedsProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

const RESOURCES = ['cpu', 'memory', 'io'] as const;

type Resource = (typeof RESOURCES)[number];

const STYLE: ChartStyle = {
  kind: 'lines',
  unit: 'ratio',
  colour: (id) => seriesColour({ cpu: 0, memory: 2, io: 1 }[id as Resource]),
  name: (id) => t(`pressure.${id as Resource}`),
};

/** Pressure stall information: how much of the time work had to wait, and for what most. */
export function PressureTile({ feeds: { pressure } }: FeedsProps): VNode {
  const worst = worstOf(pressure.value.value);
  return (
    <Tile
      topic="pressure"
      title={t('pressure.title')}
      stream={pressure.stream}
      feeds={[pressure]}
      size="third"
      lead={
        <>
          <Readout value={worst.value} unit="ratio" />
          <span class="readout-note">
            {t('pressure.hint', { name: t(`pressure.${worst.id}`) })}
          </span>
        </>
      }
    >
      <div class="tile-body">
        <LiveChart title={t('pressure.title')} feed={pressure} style={STYLE} height={132} />
        <Legend feed={pressure} style={STYLE} />
      </div>
    </Tile>
  );
}

function worstOf(model: ChartModel | undefined): { readonly id: Resource; readonly value: number } {
  const lines = RESOURCES.map((id) => ({ id, value: lastOfLine(model, id) || 0 }));
  return lines.reduce((worst, one) => (one.value > worst.value ? one : worst));
}
