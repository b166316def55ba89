import type { VNode } from 'preact';
import { labelOf, lastRate, lastValue } from '../derive/present.ts';
import { format, t } from '../i18n/language.ts';
import type { Stream } from '../state/stream.ts';
import type { SizedProps } from './tile-props.ts';
import { Tile } from './tile.tsx';

/** What the machine is, since when it runs, whether its clock is right, and its pulse. */
export function SystemTile({ feeds: { system }, size }: SizedProps): VNode {
  const source = system.value.value === undefined ? undefined : system.stream;
  return (
    <Tile
      topic="system"
      title={t('system.title')}
      stream={system.stream}
      feeds={[system]}
      size={size}
    >
      <dl class="facts">{source && factsOf(source)}</dl>
    </Tile>
  );
}

function factsOf(source: Stream): readonly VNode[] {
  const { text, duration, dateTime } = format.value;
  const bootSeconds = lastValue(source, 'node_boot_time_seconds');
  const uptime = lastValue(source, 'node_time_seconds') - bootSeconds;
  const rate = (metric: string): string => text(lastRate(source, metric), 'per_second');
  const facts: readonly (readonly [term: string, value: string, testId?: string])[] = [
    [t('system.os'), labelOf(source, 'node_os_info', 'pretty_name')],
    [t('system.kernel'), labelOf(source, 'node_uname_info', 'release')],
    [t('system.machine'), labelOf(source, 'node_uname_info', 'machine')],
    [t('system.uptime'), duration(uptime), 'uptime'],
    [t('system.boot'), Number.isFinite(bootSeconds) ? dateTime(bootSeconds * 1000) : ''],
    [t('system.sync'), clockText(source), 'clock-sync'],
    [t('system.switches'), rate('node_context_switches_total')],
    [t('system.interrupts'), rate('node_intr_total')],
    [t('system.forks'), rate('node_forks_total')],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([term, value, testId]) => (
      <div key={term}>
        <dt>{term}</dt>
        <dd data-testid={testId}>{value}</dd>
      </div>
    ));
}

function clockText(source: Stream): string {
  const status = lastValue(source, 'node_timex_sync_status');
  if (Number.isNaN(status)) return '';
  if (status !== 1) return t('system.notInSync');
  const offset = Math.abs(lastValue(source, 'node_timex_offset_seconds'));
  const off = t('system.offset', { offset: format.value.text(offset, 'seconds') });
  return `${t('system.inSync')} · ${off}`;
}
