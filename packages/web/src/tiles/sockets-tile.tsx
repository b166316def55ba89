import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import { seriesColour, type ChartStyle } from '../charts/chart-style.ts';
import { lastOfLine, lastValue } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import { Readout } from './readout.tsx';
import type { SizedProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

type SocketLine = 'established' | 'timewait';

const STYLE: ChartStyle = {
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
  const facts = [
    ['opened', lastOfLine(rates, 'active') + lastOfLine(rates, 'passive'), 'per_second'],
    ['retransmits', lastOfLine(rates, 'retransmits'), 'per_second'],
    ['udp', lastValue(source, 'node_sockstat_UDP_inuse'), 'count'],
    ['files', lastValue(source, 'node_filefd_allocated'), 'count'],
  ] as const;
  return (
    <Tile
      topic="sockets"
      title={t('sockets.title')}
      stream={source}
      feeds={[sockets, socketRates]}
      size={size}
      lead={<Readout value={lastOfLine(sockets.value.value, 'established')} unit="count" />}
    >
      <div class="tile-body">
        <LiveChart title={t('sockets.title')} feed={sockets} style={STYLE} height={106} />
        <Legend feed={sockets} style={STYLE} />
        <dl class="facts">
          {facts.map(([name, value, unit]) => (
            <div key={name}>
              <dt>{t(`sockets.${name}`)}</dt>
              <dd>{text(value, unit)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Tile>
  );
}
