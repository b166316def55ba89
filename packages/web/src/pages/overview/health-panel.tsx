import type { LiveAlert } from '@nowcast/client';
import type { VNode } from 'preact';
import { Icon, type IconName } from '../../app/icons.tsx';
import { useOverview } from '../../app/overview-context.ts';
import { format, language, plural, t } from '../../i18n/language.ts';
import { healthGroups, type HealthGroups } from './health-order.ts';
import { AlertCard } from './alert-card.tsx';
import { describeAlert } from './health-text.ts';
import './health-panel.css';

type Mood = 'well' | 'soon' | 'warning' | 'critical' | 'unknown';

/** Health at a glance: what is wrong, what will be, since when, why it matters and what to do. */
export function HealthPanel(): VNode {
  const { health, view, link } = useOverview();
  const known = health.value;
  const groups = known && healthGroups(known, view.value?.instance);
  const mood = moodOf(groups);
  const outdated = known !== undefined && link.value.phase !== 'live';
  return (
    <section
      class={outdated ? `health ${mood} outdated` : `health ${mood}`}
      aria-labelledby="health-title"
      data-testid="health"
      data-state={mood}
    >
      <header class="health-head">
        <span class="health-sign">
          <Icon name={ICONS[mood]} />
        </span>
        <div>
          <h1 id="health-title">
            <span class="visually-hidden">{t('health.title')}: </span>
            <span role="status" data-testid="health-headline">
              {headline(groups, outdated)}
            </span>
          </h1>
          <p>{outdated ? t('health.lastKnown') : hint(groups)}</p>
        </div>
      </header>
      {groups && <AlertList alerts={groups.now} kind="now" />}
      {groups && <AlertList alerts={groups.soon} kind="soon" />}
      {groups && <OverList alerts={groups.over} />}
    </section>
  );
}

const ICONS: Readonly<Record<Mood, IconName>> = {
  well: 'check',
  soon: 'soon',
  warning: 'warning',
  critical: 'critical',
  unknown: 'unknown',
};

function moodOf(groups: HealthGroups | undefined): Mood {
  if (groups === undefined) return 'unknown';
  if (groups.now.some(({ severity }) => severity === 'critical')) return 'critical';
  if (groups.now.length > 0) return 'warning';
  return groups.soon.length > 0 ? 'soon' : 'well';
}

function headline(groups: HealthGroups | undefined, outdated: boolean): string {
  if (groups === undefined) return t('health.unknown');
  if (outdated && groups.now.length === 0) return t('health.wasWell');
  if (groups.now.length > 0) return plural('health.problems', groups.now.length);
  return groups.soon.length > 0 ? t('health.soonOnly') : t('health.well');
}

function hint(groups: HealthGroups | undefined): string {
  if (groups === undefined) return t('health.unknownHint');
  return groups.now.length > 0 ? t('health.problemsHint') : t('health.wellHint');
}

interface ListProps {
  readonly alerts: readonly LiveAlert[];
  readonly kind: 'now' | 'soon';
}

function AlertList({ alerts, kind }: ListProps): VNode | null {
  if (alerts.length === 0) return null;
  return (
    <>
      {kind === 'soon' && <h2 class="health-group">{t('health.soon')}</h2>}
      <ul class="alerts">
        {alerts.map((alert) => (
          <AlertCard key={alert.id} alert={alert} kind={kind} />
        ))}
      </ul>
    </>
  );
}

function OverList({ alerts }: { readonly alerts: readonly LiveAlert[] }): VNode | null {
  const nowMs = useOverview().nowMs.value;
  if (alerts.length === 0) return null;
  return (
    <>
      <h2 class="health-group">{t('health.recent')}</h2>
      <ul class="alerts-over">
        {alerts.map((alert) => {
          const reader = { language: language.value, format: format.value };
          const { title } = describeAlert(alert, nowMs, reader);
          const subject = alert.labels['mountpoint'] ?? alert.labels['device'] ?? '';
          const time = format.value.duration(Math.max(0, nowMs - alert.sinceMs) / 1000);
          return (
            <li key={`${alert.id} ${alert.sinceMs}`}>
              <Icon name="check" />
              {title} {subject} · {t('health.resolvedAgo', { time })}
            </li>
          );
        })}
      </ul>
    </>
  );
}
