import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { lastOfLine, lastValue } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import type { OverviewFeeds } from '../pages/overview/feeds.ts';
import { TOPICS } from '../state/topics.ts';
import { Readout } from './readout.tsx';
import { Tile, type TileSize } from './tile.tsx';

interface FeedsProps {
  readonly feeds: OverviewFeeds;
}

interface SizedProps extends FeedsProps {
  readonly size: TileSize;
}

type LoadLine = 'one' | 'five' | 'fifteen';

const LOAD: ChartStyle = {
  kind: 'lines',
  unit: 'load',
  colour: (id) => seriesColour({ one: 0, five: 2, fifteen: 3 }[id as LoadLine]),
  name: (id) => t(`load.${id as LoadLine}`),
};

/** Load averages beside the number of cores. */
export function LoadTile({ feeds: { load, cores }, size }: SizedProps): VNode {
  const now = lastOfLine(load.value.value, 'one');
  const count = cores.value.value?.cores.length ?? 0;
  return (
    <Tile
      id="load"
      title={t('load.title')}
      stream={load.stream}
      everyMs={TOPICS.load.everyMs}
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
        <LiveChart title={t('load.title')} feed={load} style={LOAD} height={132} />
        <Legend feed={load} style={LOAD} />
      </div>
    </Tile>
  );
}

type PressureLine = 'cpu' | 'memory' | 'io';

const PRESSURE: ChartStyle = {
  kind: 'lines',
  unit: 'ratio',
  colour: (id) => seriesColour({ cpu: 0, memory: 2, io: 1 }[id as PressureLine]),
  name: (id) => t(`pressure.${id as PressureLine}`),
};

/** Pressure stall information: how much of the time work had to wait. */
export function PressureTile({ feeds: { pressure } }: FeedsProps): VNode {
  const model = pressure.value.value;
  const worst = worstOf(model);
  return (
    <Tile
      id="pressure"
      title={t('pressure.title')}
      stream={pressure.stream}
      everyMs={TOPICS.pressure.everyMs}
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
        <LiveChart title={t('pressure.title')} feed={pressure} style={PRESSURE} height={132} />
        <Legend feed={pressure} style={PRESSURE} />
      </div>
    </Tile>
  );
}

function worstOf(model: ChartModel | undefined): {
  readonly id: PressureLine;
  readonly value: number;
} {
  const lines = (['cpu', 'memory', 'io'] as const).map((id) => ({
    id,
    value: lastOfLine(model, id) || 0,
  }));
  return lines.reduce((worst, one) => (one.value > worst.value ? one : worst));
}

type SocketLine = 'established' | 'timewait';

const SOCKETS: ChartStyle = {
  kind: 'lines',
  unit: 'count',
  colour: (id) => seriesColour(id === 'established' ? 0 : 1),
  name: (id) => t(`sockets.${id as SocketLine}`),
};

/** TCP connections, and what else counts as open. */
export function SocketsTile({ feeds: { sockets, socketRates }, size }: SizedProps): VNode {
  const { text } = format.value;
  const source = sockets.stream;
  const rates = socketRates.value.value;
  const opened = lastOfLine(rates, 'active') + lastOfLine(rates, 'passive');
  return (
    <Tile
      id="sockets"
      title={t('sockets.title')}
      stream={source}
      everyMs={TOPICS.sockets.everyMs}
      feeds={[sockets, socketRates]}
      size={size}
      lead={<Readout value={lastOfLine(sockets.value.value, 'established')} unit="count" />}
    >
      <div class="tile-body">
        <LiveChart title={t('sockets.title')} feed={sockets} style={SOCKETS} height={106} />
        <Legend feed={sockets} style={SOCKETS} />
        <dl class="facts">
          <div>
            <dt>{t('sockets.opened')}</dt>
            <dd>{text(opened, 'per_second')}</dd>
          </div>
          <div>
            <dt>{t('sockets.retransmits')}</dt>
            <dd>{text(lastOfLine(rates, 'retransmits'), 'per_second')}</dd>
          </div>
          <div>
            <dt>{t('sockets.udp')}</dt>
            <dd>{text(lastValue(source, 'node_sockstat_UDP_inuse'), 'count')}</dd>
          </div>
          <div>
            <dt>{t('sockets.files')}</dt>
            <dd>{text(lastValue(source, 'node_filefd_allocated'), 'count')}</dd>
          </div>
        </dl>
      </div>
    </Tile>
  );
}
