import type { VNode } from 'preact';
import { HeatStrip } from '../charts/heat-strip.tsx';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import { cpuBusy, type CpuMode } from '../derive/cpu.ts';
import { lastOf } from '../derive/columns.ts';
import { plural, t } from '../i18n/language.ts';
import { RangeNote, Readout } from './readout.tsx';
import type { FeedsProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

const COLOURS: Readonly<Record<CpuMode, string>> = {
  user: seriesColour(0),
  system: seriesColour(1),
  interrupts: seriesColour(3),
  steal: seriesColour(6),
  iowait: seriesColour(5),
};

const STYLE: ChartStyle = {
  kind: 'stack',
  unit: 'ratio',
  colour: (id) => COLOURS[id as CpuMode],
  name: (id) => t(`cpu.${id as CpuMode}`),
  ceiling: () => 1,
};

/** Processors: time by mode, and each core by itself. */
export function CpuTile({ feeds }: FeedsProps): VNode {
  const { cpu, cores } = feeds;
  const model = cpu.value.value;
  const busy = model === undefined ? new Float64Array(0) : cpuBusy(model);
  const shown = cpu.picture.value;
  const count = cores.value.value?.cores.length ?? 0;
  return (
    <Tile
      topic="cpu"
      title={t('cpu.title')}
      stream={cpu.stream}
      feeds={[cpu, cores]}
      size="half"
      lead={
        <>
          <Readout value={lastOf(busy)} unit="ratio" testId="cpu-busy" />
          <RangeNote values={shown === undefined ? busy : cpuBusy(shown)} unit="ratio" />
        </>
      }
    >
      <div class="tile-body beside">
        <LiveChart title={t('cpu.title')} feed={cpu} style={STYLE} />
        <Legend feed={cpu} style={STYLE} />
      </div>
      <h3 class="tile-sub">
        {t('cpu.cores')} <span>{plural('cpu.cores', count)}</span>
      </h3>
      <HeatStrip feed={cores} />
    </Tile>
  );
}
