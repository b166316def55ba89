import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import { lastOfLine } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import { Readout } from './readout.tsx';
import type { SizedProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

type LoadLine = 'one' | 'five' | 'fifteen';

const STYLE: ChartStyle = {
  kind: 'lines',
  unit: 'load',
  colour: (id) => seriesColour({ one: 0, five: 2, fifteen: 3 }[id as LoadLine]),
  name: (id) => t(`load.${id as LoadLine}`),
};

/** Load averages, and what that means per core. */
export function LoadTile({ feeds: { load, cores }, size }: SizedProps): VNode {
  const now = lastOfLine(load.value.value, 'one');
  const count = cores.value.value?.cores.length ?? 0;
  return (
    <Tile
      topic="load"
      title={t('load.title')}
      stream={load.stream}
      feeds={[load, cores]}
      size={size}
      lead={
        <>
          <Readout value={now} unit="load" testId="load-1" />
          {count > 0 && (
            <span class="readout-note">
              {t('load.perCore', { value: format.value.text(now / count, 'load') })}
            </span>
          )}
        </>
      }
    >
      <div class="tile-body">
        <LiveChart title={t('load.title')} feed={load} style={STYLE} height={132} />
        <Legend feed={load} style={STYLE} />
      </div>
    </Tile>
  );
}
