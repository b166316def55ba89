import type { VNode } from 'preact';
import { useOverview } from '../../app/overview-context.ts';
import { format, plural, t } from '../../i18n/language.ts';
import type { HostSummary } from '../../state/hosts.ts';
import { staleAfterMs } from '../../tiles/freshness.ts';
import { healthGroups } from './health-order.ts';
import './host-list.css';

/** All hosts with how they are; only where more than one reports. */
export function HostList(): VNode | null {
  const { hosts, view } = useOverview();
  if (hosts.value.length < 2) return null;
  return (
    <section class="hosts" aria-label={t('hosts.title')} data-testid="hosts">
      <h2>
        {t('hosts.title')}{' '}
        <span>{t('hosts.count', { count: format.value.integer(hosts.value.length) })}</span>
      </h2>
      <ul>
        {hosts.value.map((host) => (
          <HostCard
            key={host.instance}
            host={host}
            current={host.instance === view.value?.instance}
          />
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  readonly host: HostSummary;
  readonly current: boolean;
}

function HostCard({ host, current }: CardProps): VNode {
  const overview = useOverview();
  const { text, age } = format.value;
  const ageMs = overview.nowMs.value - host.newestMs;
  const silent = ageMs > staleAfterMs(1_000);
  const health = overview.health.value;
  const problems = health === undefined ? [] : healthGroups(health, host.instance).now;
  const worst = problems.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
  const mood = silent ? 'silent' : problems.length > 0 ? worst : 'well';
  return (
    <li>
      <button
        type="button"
        class={`host ${mood}`}
        aria-current={current ? 'true' : undefined}
        aria-label={t('hosts.open', { host: host.name })}
        onClick={() => (overview.chosenHost.value = host.instance)}
      >
        <b>{host.name}</b>
        <span class="host-mood">
          {silent
            ? t('hosts.silent', { time: age(ageMs) })
            : problems.length > 0
              ? plural('health.problems', problems.length)
              : t('hosts.well')}
        </span>
        <span class="host-numbers">
          {t('cpu.short')} {text(host.cpuBusy, 'ratio')} · {t('load.title')}{' '}
          {text(host.load1, 'load')} · {t('memory.title')} {text(host.memoryUsed, 'ratio')}
        </span>
      </button>
    </li>
  );
}
