import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import { fans, powers, temperatures } from '../derive/sensors.ts';
import { format, t } from '../i18n/language.ts';
import type { Unit } from '../i18n/format.ts';
import { Readout } from './readout.tsx';
import type { FeedsProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

const STYLE: ChartStyle = {
  kind: 'lines',
  unit: 'celsius',
  colour: (_id, index) => seriesColour(index),
  name: (id) => id,
  floating: true,
};

/** Temperatures, fans and power, on machines whose kernel shows them. */
export function SensorsTile({ feeds: { sensors } }: FeedsProps): VNode {
  const source = sensors.stream;
  const course = sensors.value.value;
  const hottest = temperatures(source)[0];
  const others = [
    ...fans(source).map((one) => ({ ...one, unit: 'rpm' as Unit })),
    ...powers(source).map((one) => ({ ...one, unit: 'watt' as Unit })),
  ];
  return (
    <Tile
      topic="sensors"
      title={t('sensors.title')}
      stream={source}
      feeds={[sensors]}
      size="third"
      lead={
        hottest && (
          <>
            <Readout value={hottest.value} unit="celsius" />
            <span class="readout-note">{hottest.name}</span>
          </>
        )
      }
    >
      <div class="tile-body">
        {course !== undefined && course.lines.length > 0 && (
          <>
            <LiveChart title={t('sensors.title')} feed={sensors} style={STYLE} height={132} />
            <Legend feed={sensors} style={STYLE} />
          </>
        )}
        {others.length > 0 && (
          <dl class="facts">
            {others.map(({ id, name, value, unit }) => (
              <div key={id}>
                <dt>{name}</dt>
                <dd>{format.value.text(value, unit)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </Tile>
  );
}
