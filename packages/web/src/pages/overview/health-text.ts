import type { LiveAlert } from '@nowcast/client';
import type { Format, Unit } from '../../i18n/format.ts';

/** An alert in words. */
export interface HealthText {
  readonly title: string;
  /** What it is about: a mount point, an interface, a sensor; '' when it is the host as a whole. */
  readonly subject: string;
  readonly value: string;
  readonly why: string;
  readonly action: string;
}

const SUBJECT_LABELS = ['mountpoint', 'device', 'sensor', 'zone', 'name'] as const;

const UNITS: Readonly<Record<string, Unit>> = {
  ratio: 'ratio',
  bytes: 'bytes',
  seconds: 'seconds',
  celsius: 'celsius',
  per_second: 'per_second',
  count: 'count',
};

export function describeAlert(alert: LiveAlert, format: Format): HealthText {
  const labels = SUBJECT_LABELS.map((name) => alert.labels[name]);
  const words = alert.condition.replaceAll('-', ' ');
  return {
    title: words.charAt(0).toUpperCase() + words.slice(1),
    subject: labels.find((label) => label !== undefined && label !== '') ?? '',
    value: format.text(alert.value, UNITS[alert.unit] ?? 'count'),
    why: '',
    action: '',
  };
}
