import type { VNode } from 'preact';
import { t } from '../i18n/language.ts';
import { useOverview } from './overview-context.ts';

/** The host shown: its name, or a choice where there are several. */
export function HostPicker(): VNode | null {
  const { hosts, view, chosenHost } = useOverview();
  const instance = view.value?.instance;
  if (instance === undefined) return null;
  if (hosts.value.length <= 1) {
    const name = hosts.value[0]?.name ?? instance;
    return (
      <span class="host-name" data-testid="host" title={instance}>
        {name}
      </span>
    );
  }
  return (
    <select
      class="host-name"
      aria-label={t('nav.host')}
      data-testid="host"
      value={instance}
      onChange={(event) => (chosenHost.value = event.currentTarget.value)}
    >
      {hosts.value.map((host) => (
        <option key={host.instance} value={host.instance}>
          {host.name}
        </option>
      ))}
    </select>
  );
}
