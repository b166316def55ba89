import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useOverview } from '../../app/overview-context.ts';
import { cpuBusy } from '../../derive/cpu.ts';
import { lastOf } from '../../derive/columns.ts';
import { memoryFacts, memoryShare } from '../../derive/memory.ts';
import { lastOfLine, lastValue } from '../../derive/present.ts';
import { format, t } from '../../i18n/language.ts';
import { freshnessOf } from '../../tiles/freshness.ts';
import { busyColour, fillColour, Meter } from '../../tiles/meter.tsx';
import { Readout } from '../../tiles/readout.tsx';
import type { OverviewFeeds } from './feeds.ts';
import './vitals.css';

/** The machine in six values; each leads to the tile that shows more. */
export function Vitals({ feeds }: { readonly feeds: OverviewFeeds }): VNode {
  const { loop, nowMs } = useOverview();
  const { cpu, cores, memory, space, network, load, system } = feeds;
  useEffect(() => {
    const shown = [cpu, cores, memory, space, network, load, system];
    for (const feed of shown) loop.show(feed);
    return () => {
      for (const feed of shown) loop.hide(feed);
    };
  }, [feeds, loop]);
  const stale = freshnessOf(cpu.stream, nowMs.value, 1_000).state === 'stale';
  return (
    <nav class={stale ? 'vitals stale' : 'vitals'} aria-label={t('vitals.title')}>
      <CpuVital feeds={feeds} />
      <MemoryVital feeds={feeds} />
      <DiskVital feeds={feeds} />
      <NetworkVital feeds={feeds} />
      <LoadVital feeds={feeds} />
      <UptimeVital feeds={feeds} />
    </nav>
  );
}

interface VitalProps {
  readonly to: string;
  readonly name: string;
  readonly children: ComponentChildren;
}

function Vital({ to, name, children }: VitalProps): VNode {
  return (
    <a class="vital" href={`#${to}`}>
      <span class="vital-name">{name}</span>
      {children}
    </a>
  );
}

interface FeedsProps {
  readonly feeds: OverviewFeeds;
}

function CpuVital({ feeds }: FeedsProps): VNode {
  const model = feeds.cpu.value.value;
  const busy = model === undefined ? NaN : lastOf(cpuBusy(model));
  return (
    <Vital to="cpu" name={t('cpu.short')}>
      <Readout value={busy} unit="ratio" />
      <Meter share={busy} colour={busyColour(busy)} />
    </Vital>
  );
}

function MemoryVital({ feeds }: FeedsProps): VNode {
  const model = feeds.memory.value.value;
  const { totalBytes } = memoryFacts(feeds.memory.stream);
  const used = model === undefined ? NaN : lastOf(memoryShare(model, totalBytes));
  return (
    <Vital to="memory" name={t('memory.title')}>
      <Readout value={used} unit="ratio" />
      <Meter share={used} colour={fillColour(used)} />
    </Vital>
  );
}

function DiskVital({ feeds }: FeedsProps): VNode {
  const fullest = feeds.space.value.value?.find((one) => !one.readonly);
  const used = fullest?.used ?? NaN;
  return (
    <Vital to="space" name={t('vitals.disk')}>
      <Readout value={used} unit="ratio" />
      <Meter share={used} colour={fillColour(used)} />
    </Vital>
  );
}

function NetworkVital({ feeds }: FeedsProps): VNode {
  const model = feeds.network.value.value;
  const { text } = format.value;
  return (
    <Vital to="network" name={t('vitals.network')}>
      <span class="vital-pair">
        <span>
          <span class="visually-hidden">{t('network.receive')}</span>
          <span aria-hidden="true">↓ </span>
          {text(lastOfLine(model, 'up'), 'bytes_per_second')}
        </span>
        <span>
          <span class="visually-hidden">{t('network.transmit')}</span>
          <span aria-hidden="true">↑ </span>
          {text(-lastOfLine(model, 'down'), 'bytes_per_second')}
        </span>
      </span>
    </Vital>
  );
}

function LoadVital({ feeds }: FeedsProps): VNode {
  const now = lastOfLine(feeds.load.value.value, 'one');
  const count = feeds.cores.value.value?.cores.length ?? NaN;
  return (
    <Vital to="load" name={t('load.title')}>
      <Readout value={now} unit="load" />
      <Meter share={now / count} colour={busyColour(now / count / 1.5)} />
    </Vital>
  );
}

function UptimeVital({ feeds }: FeedsProps): VNode {
  const source = feeds.system.value.value === undefined ? undefined : feeds.system.stream;
  const seconds =
    source === undefined
      ? NaN
      : lastValue(source, 'node_time_seconds') - lastValue(source, 'node_boot_time_seconds');
  return (
    <Vital to="system" name={t('vitals.uptime')}>
      <span class="vital-text">{format.value.duration(seconds)}</span>
    </Vital>
  );
}
