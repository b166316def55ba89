import type { VNode } from 'preact';
import { Legend } from '../charts/legend.tsx';
import { LiveChart } from '../charts/live-chart.tsx';
import type { ChartStyle } from '../charts/chart-style.ts';
import { memoryFacts, memoryShare } from '../derive/memory.ts';
import { lastOf } from '../derive/columns.ts';
import { format, t } from '../i18n/language.ts';
import { fillColour, Meter } from './meter.tsx';
import { RangeNote, Readout } from './readout.tsx';
import type { FeedsProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

/** Memory by use, and swap. */
export function MemoryTile({ feeds }: FeedsProps): VNode {
  const { memory } = feeds;
  const model = memory.value.value;
  const shown = memory.picture.value;
  const facts = memoryFacts(memory.stream);
  const { totalBytes, swapTotalBytes, swapUsedBytes } = facts;
  const share = model === undefined ? new Float64Array(0) : memoryShare(model, totalBytes);
  const { text } = format.value;
  return (
    <Tile
      topic="memory"
      title={t('memory.title')}
      stream={memory.stream}
      feeds={[memory]}
      size="half"
      lead={
        <>
          <Readout value={lastOf(share)} unit="ratio" testId="memory-used" />
          <RangeNote
            values={shown === undefined ? share : memoryShare(shown, totalBytes)}
            unit="ratio"
          />
        </>
      }
    >
      <div class="tile-body beside">
        <LiveChart title={t('memory.title')} feed={memory} style={feeds.memoryStyle} />
        <Legend feed={memory} style={feeds.memoryStyle} />
      </div>
      <dl class="facts">
        {(['available', 'files', 'shared', 'kernel', 'dirty'] as const).map((name) => (
          <div key={name}>
            <dt>{t(`memory.${name}`)}</dt>
            <dd>{text(facts[`${name}Bytes`], 'bytes')}</dd>
          </div>
        ))}
      </dl>
      <h3 class="tile-sub">
        {t('memory.swap')}{' '}
        <span data-testid="swap">
          {swapTotalBytes > 0
            ? t('memory.of', {
                used: text(swapUsedBytes, 'bytes'),
                total: text(swapTotalBytes, 'bytes'),
              })
            : t('memory.noSwap')}
        </span>
      </h3>
      {swapTotalBytes > 0 && (
        <Meter
          share={swapUsedBytes / swapTotalBytes}
          label={t('memory.swap')}
          colour={fillColour(swapUsedBytes / swapTotalBytes)}
        />
      )}
    </Tile>
  );
}

/** The axis ends at what the machine has. */
export function memoryStyle(totalBytes: () => number): ChartStyle {
  return {
    kind: 'stack',
    unit: 'bytes',
    colour: (id) => (id === 'used' ? 'var(--series-3)' : 'var(--series-6)'),
    name: (id) => t(id === 'used' ? 'memory.used' : 'memory.cache'),
    ceiling: totalBytes,
  };
}
