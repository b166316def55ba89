import type { VNode } from 'preact';
import type { ChartStyle } from '../charts/chart-style.ts';
import type { DiskDevice } from '../derive/traffic.ts';
import { format, t } from '../i18n/language.ts';
import type { FeedsProps } from './tile-props.ts';
import { TrafficTile, type TrafficRow } from './traffic-tile.tsx';

const STYLE: ChartStyle = {
  kind: 'mirror',
  unit: 'bytes_per_second',
  colour: (id) => (id === 'up' ? 'var(--series-3)' : 'var(--series-4)'),
  name: (id) => t(id === 'up' ? 'diskio.read' : 'diskio.write'),
};

/** Reading and writing of the machine and of each disk. */
export function DiskActivityTile({ feeds: { diskio, disks } }: FeedsProps): VNode {
  return (
    <TrafficTile
      topic="diskio"
      title={t('diskio.title')}
      feed={diskio}
      devices={disks}
      style={STYLE}
      columns={[t('diskio.device'), t('diskio.read'), t('diskio.write'), t('diskio.busy')]}
      rows={(disks.value.value ?? []).map(rowOf)}
    />
  );
}

function rowOf(one: DiskDevice): TrafficRow {
  const { text } = format.value;
  return {
    device: one.device,
    cells: [
      { text: text(one.readPerSecond, 'bytes_per_second') },
      { text: text(one.writePerSecond, 'bytes_per_second') },
      { text: text(one.busy, 'ratio') },
    ],
  };
}
