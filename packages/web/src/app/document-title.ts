import { effect } from '@preact/signals';
import { t } from '../i18n/language.ts';
import { healthGroups } from '../pages/overview/health-order.ts';
import type { Overview } from '../state/overview.ts';

/** Tab title and icon say how the host is, for those who look at another tab. */
export function followHealth(target: Document, overview: Overview): void {
  const icon = target.querySelector<HTMLLinkElement>('#favicon');
  effect(() => {
    const instance = overview.view.value?.instance;
    const name = overview.hosts.value.find((one) => one.instance === instance)?.name;
    if (name === undefined) return;
    const health = overview.health.value;
    const problems = health === undefined ? [] : healthGroups(health, instance).now;
    const critical = problems.some(({ severity }) => severity === 'critical');
    const title =
      problems.length === 0
        ? t('app.title', { host: name })
        : t('app.titleProblems', { host: name, count: problems.length });
    const file = critical
      ? 'favicon-critical'
      : problems.length > 0
        ? 'favicon-warning'
        : 'favicon';
    if (target.title !== title) target.title = title;
    const address = `/${file}.svg`;
    if (icon !== null && icon.getAttribute('href') !== address) icon.href = address;
  });
}
