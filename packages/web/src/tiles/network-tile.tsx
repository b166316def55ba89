import type { VNode } from 'preact';
import type { ChartStyle } from '../charts/chart-style.ts';
import type { NetworkDevice } from '../derive/traffic.ts';
import { format, t } from '../i18n/language.ts';
import type { FeedsProps } from './tile-props.ts';
import { TrafficTile, type TrafficRow } from './traffic-tile.tsx';

const STYLE: ChartStyle = {
  kind: 'mirror',
  unit: 'bytes_per_second',
  colour: (id) => (id === 'up' ? 'var(--series-1)' : 'var(--series-2)'),
  name: (id) => t(id === 'up' ? 'network.receive' : 'network.transmit'),
};

/** Network traffic of the machine and of each interface, with errors and drops. */
export function NetworkTile({ feeds: { network, interfaces } }: FeedsProps): VNode {
  return (
    <TrafficTile
      topic="network"
      title={t('network.title')}
      feed={network}
      devices={interfaces}
      style={STYLE}
      columns={[
        t('network.device'),
        t('network.receive'),
        t('network.transmit'),
        t('network.errors'),
      ]}
      rows={(interfaces.value.value ?? []).map(rowOf)}
    />
  );
}

function rowOf(one: NetworkDevice): TrafficRow {
  const { text } = format.value;
  const faulty = one.faultsPerSecond > 0;
  return {
    device: one.device,
    cells: [
      { text: text(one.receivePerSecond, 'bytes_per_second') },
      { text: text(one.transmitPerSecond, 'bytes_per_second') },
      faulty
        ? { text: text(one.faultsPerSecond, 'per_second'), tone: 'alarming' }
        : { text: t('network.noErrors'), tone: 'quiet' },
    ],
  };
}
