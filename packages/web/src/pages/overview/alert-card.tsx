import type { LiveAlert } from '@nowcast/client';
import type { ComponentChild, VNode } from 'preact';
import { Icon } from '../../app/icons.tsx';
import { useOverview } from '../../app/overview-context.ts';
import { format, language, t } from '../../i18n/language.ts';
import { describeAlert } from './health-text.ts';
import './alert-card.css';

export interface AlertCardProps {
  readonly alert: LiveAlert;
  readonly kind: 'now' | 'soon';
}

const SEVERITY_ICONS = { critical: 'critical', warning: 'warning', info: 'info' } as const;

/** One condition: what, how much, since when; once it is certain also why it matters and what to do. */
export function AlertCard({ alert, kind }: AlertCardProps): VNode {
  const { title, summary, why, action, figure } = describeAlert(alert, useOverview().nowMs.value, {
    language: language.value,
    format: format.value,
  });
  const severity = alert.state === 'pending' ? 'info' : alert.severity;
  return (
    <li
      class={`alert ${severity}`}
      data-testid="alert"
      data-condition={alert.condition}
      data-severity={alert.severity}
      data-state={alert.state}
    >
      <span class="alert-sign">
        <Icon name={kind === 'soon' ? 'soon' : SEVERITY_ICONS[severity]} />
        <span class="visually-hidden">{t(`health.severity.${alert.severity}`)}</span>
      </span>
      <div class="alert-main">
        <h3>{title}</h3>
        <p class="alert-summary">{summary}</p>
        <AlertTime alert={alert} />
      </div>
      <b class="alert-value">{figure}</b>
      {why !== '' && alert.state !== 'pending' && (
        <dl class="alert-words">
          <div>
            <dt>{t('health.why')}</dt>
            <dd>{why}</dd>
          </div>
          <div>
            <dt>{t('health.action')}</dt>
            <dd>{withCode(action)}</dd>
          </div>
        </dl>
      )}
    </li>
  );
}

/** Commands stand between backticks in the catalogue. */
function withCode(text: string): readonly ComponentChild[] {
  return text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}

function AlertTime({ alert }: { readonly alert: LiveAlert }): VNode {
  const nowMs = useOverview().nowMs.value;
  const { duration, clock, dateTime } = format.value;
  const recent = nowMs - alert.sinceMs < 12 * 3_600_000;
  const since = recent ? clock(alert.sinceMs) : dateTime(alert.sinceMs);
  const expected = alert.expectedMs;
  return (
    <p class="alert-time">
      {alert.state === 'pending' && <span>{t('health.pending')}</span>}
      {expected !== undefined && (
        <span class="alert-expected">{t('health.expected', { time: dateTime(expected) })}</span>
      )}
      <span>
        {t('health.since', { time: since })} ·{' '}
        {t('health.sinceFor', { time: duration(Math.max(0, nowMs - alert.sinceMs) / 1000) })}
      </span>
    </p>
  );
}
