import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { useOverview } from '../../app/overview-context.ts';
import { t } from '../../i18n/language.ts';
import type { HostView } from '../../state/host-view.ts';
import type { TopicName } from '../../state/topics.ts';
import { CpuTile } from '../../tiles/cpu-tile.tsx';
import { DiskActivityTile } from '../../tiles/disk-activity-tile.tsx';
import { LoadTile } from '../../tiles/load-tile.tsx';
import { MemoryTile } from '../../tiles/memory-tile.tsx';
import { NetworkTile } from '../../tiles/network-tile.tsx';
import { PressureTile } from '../../tiles/pressure-tile.tsx';
import { ProcessesTile } from '../../tiles/processes-tile.tsx';
import { SensorsTile } from '../../tiles/sensors-tile.tsx';
import { SocketsTile } from '../../tiles/sockets-tile.tsx';
import { SpaceTile } from '../../tiles/space-tile.tsx';
import { SystemTile } from '../../tiles/system-tile.tsx';
import { createFeeds } from './feeds.ts';
import { HealthPanel } from './health-panel.tsx';
import { HostList } from './host-list.tsx';
import { Vitals } from './vitals.tsx';
import './overview-page.css';

/** One machine, live: health first, then what it does. */
export function OverviewPage(): VNode {
  const { view } = useOverview();
  return (
    <>
      <HealthPanel />
      <HostList />
      {view.value === undefined ? (
        <NoHost />
      ) : (
        <HostOverview key={view.value.instance} view={view.value} />
      )}
    </>
  );
}

function HostOverview({ view }: { readonly view: HostView }): VNode {
  const overview = useOverview();
  const feeds = useMemo(() => createFeeds(view, overview), [view, overview]);
  // Not every kernel shows these; their neighbours take the room.
  const waits = reports(view, 'pressure');
  const warmth = reports(view, 'sensors');
  return (
    <>
      <Vitals feeds={feeds} />
      <div class="tiles">
        <CpuTile feeds={feeds} />
        <MemoryTile feeds={feeds} />
        <LoadTile feeds={feeds} size={waits ? 'third' : 'half'} />
        {waits && <PressureTile feeds={feeds} />}
        <SocketsTile feeds={feeds} size={waits ? 'third' : 'half'} />
        <NetworkTile feeds={feeds} />
        <DiskActivityTile feeds={feeds} />
        <SpaceTile feeds={feeds} size={warmth ? 'third' : 'half'} />
        {warmth && <SensorsTile feeds={feeds} />}
        <SystemTile feeds={feeds} size={warmth ? 'third' : 'half'} />
        <ProcessesTile feeds={feeds} />
      </div>
    </>
  );
}

function reports(view: HostView, topic: TopicName): boolean {
  const stream = view.stream(topic);
  return stream.phase.value !== 'loading' && stream.seriesCount > 0;
}

function NoHost(): VNode {
  const { link } = useOverview();
  if (link.value.phase !== 'live') return <p class="empty">{t('app.loading')}</p>;
  return (
    <div class="empty" data-testid="no-host">
      <h2>{t('app.noHost')}</h2>
      <p>{t('app.noHostHint')}</p>
      <code>bin/nowcast agent --hub {location.origin}</code>
    </div>
  );
}
