import type { LiveAlert } from '@nowcast/client';
import { describeCondition, type ConditionTexts } from '@nowcast/model';
import type { Format, Unit } from '../../i18n/format.ts';
import type { Language } from '../../i18n/language.ts';

/** An alert in words, and the number that says most about it. */
export interface HealthText extends ConditionTexts {
  readonly figure: string;
}

const UNITS: ReadonlySet<string> = new Set<Unit>([
  'ratio',
  'bytes',
  'seconds',
  'celsius',
  'per_second',
  'count',
]);

/** @param nowMs the hub's time, for what is expected and for how long silence lasts. */
export function describeAlert(
  alert: LiveAlert,
  nowMs: number,
  reader: { readonly language: Language; readonly format: Format },
): HealthText {
  const { language, format } = reader;
  const texts = describeCondition(alert, language === 'zh' ? 'zh-CN' : 'en', nowMs);
  return { ...texts, figure: figureOf(alert, nowMs, format) };
}

/** Of what is foretold, the time that is left; of everything else, the value. */
function figureOf(alert: LiveAlert, nowMs: number, format: Format): string {
  if (alert.expectedMs !== undefined)
    return format.duration(Math.max(0, alert.expectedMs - nowMs) / 1000);
  if (alert.unit === 'seconds' && alert.value >= 1) return format.duration(alert.value);
  return format.text(alert.value, UNITS.has(alert.unit) ? (alert.unit as Unit) : 'count');
}
