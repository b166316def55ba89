import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import type { ChartStyle } from '../charts/chart-style.ts';
import type { ChartModel } from '../derive/chart-model.ts';
import { lastOfLine } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import type { OverviewFeeds } from '../pages/overview/feeds.ts';
import { TOPICS } from '../state/topics.ts';
import { Readout } from './readout.tsx';
import { Tile } from './tile.tsx';

interface FeedsProps {
  readonly feeds: OverviewFeeds;
}

const DEVICES_MAX = 6;

const NETWORK: ChartStyle = {
  kind: 'mirror',
  unit: 'bytes_per_second',
  colour: (id) => (id === 'up' ? 'var(--series-1)' : 'var(--series-2)'),
  name: (id) => t(id === 'up' ? 'network.receive' : 'network.transmit'),
};

const DISK: ChartStyle = {
  kind: 'mirror',
  unit: 'bytes_per_second',
  colour: (id) => (id === 'up' ? 'var(--series-3)' : 'var(--series-4)'),
  name: (id) => t(id === 'up' ? 'diskio.read' : 'diskio.write'),
};

/** Network traffic of the machine and of each interface. */
export function NetworkTile({ feeds: { network, interfaces } }: FeedsProps): VNode {
  const { text } = format.value;
  const rate = (value: number): string => text(value, 'bytes_per_second');
  return (
    <Tile
      id="network"
      title={t('network.title')}
      stream={network.stream}
      everyMs={TOPICS.network.everyMs}
      feeds={[network, interfaces]}
      size="half"
      lead={<TwoWays model={network.value.value} style={NETWORK} />}
    >
      <div class="tile-body beside">
        <LiveChart title={t('network.title')} feed={network} style={NETWORK} />
        <Legend feed={network} style={NETWORK} />
      </div>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">{t('network.device')}</th>
            <th scope="col">{t('network.receive')}</th>
            <th scope="col">{t('network.transmit')}</th>
            <th scope="col">{t('network.errors')}</th>
          </tr>
        </thead>
        <tbody>
          {interfaces.value.value?.slice(0, DEVICES_MAX).map((one) => (
            <tr key={one.device}>
              <th scope="row" class="name">
                {one.device}
              </th>
              <td>{rate(one.receivePerSecond)}</td>
              <td>{rate(one.transmitPerSecond)}</td>
              <td class={one.faultsPerSecond > 0 ? 'alarming' : 'quiet'}>
                {one.faultsPerSecond > 0
                  ? text(one.faultsPerSecond, 'per_second')
                  : t('network.noErrors')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Tile>
  );
}

/** Reading and writing of the machine and of each disk. */
export function DiskActivityTile({ feeds: { diskio, disks } }: FeedsProps): VNode {
  const { text } = format.value;
  const rate = (value: number): string => text(value, 'bytes_per_second');
  return (
    <Tile
      id="diskio"
      title={t('diskio.title')}
      stream={diskio.stream}
      everyMs={TOPICS.diskio.everyMs}
      feeds={[diskio, disks]}
      size="half"
      lead={<TwoWays model={diskio.value.value} style={DISK} />}
    >
      <div class="tile-body beside">
        <LiveChart title={t('diskio.title')} feed={diskio} style={DISK} />
        <Legend feed={diskio} style={DISK} />
      </div>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">{t('diskio.device')}</th>
            <th scope="col">{t('diskio.read')}</th>
            <th scope="col">{t('diskio.write')}</th>
            <th scope="col">{t('diskio.busy')}</th>
          </tr>
        </thead>
        <tbody>
          {disks.value.value?.slice(0, DEVICES_MAX).map((one) => (
            <tr key={one.device}>
              <th scope="row" class="name">
                {one.device}
              </th>
              <td>{rate(one.readPerSecond)}</td>
              <td>{rate(one.writePerSecond)}</td>
              <td>{text(one.busy, 'ratio')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Tile>
  );
}

interface TwoWaysProps {
  readonly model: ChartModel | undefined;
  readonly style: ChartStyle;
}

/** The present rate of both ways, named as in the chart. */
function TwoWays({ model, style }: TwoWaysProps): VNode {
  return (
    <>
      {['up', 'down'].map((id) => (
        <span class="way" key={id}>
          <Readout value={Math.abs(lastOfLine(model, id))} unit={style.unit} />
          <span class="readout-note">{style.name(id)}</span>
        </span>
      ))}
    </>
  );
}
