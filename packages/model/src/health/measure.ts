import type { HealthLanguage } from './condition-texts.ts';

/** Units in which conditions state their values. */
export type MeasureUnit = 'ratio' | 'bytes' | 'seconds' | 'celsius' | 'per_second' | 'count';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

interface SpanUnit {
  readonly seconds: number;
  readonly en: string;
  readonly zh: string;
}

const SPAN_UNITS: readonly SpanUnit[] = [
  { seconds: 86_400, en: 'd', zh: ' 天' },
  { seconds: 3_600, en: 'h', zh: ' 小时' },
  { seconds: 60, en: 'min', zh: ' 分钟' },
  { seconds: 1, en: 's', zh: ' 秒' },
];

/** A value as people read it: `7.3 %`, `1.2 GiB`, `3 h`, `92 °C`. Units it does not know are left out. */
export function formatMeasure(value: number, unit: string, language: HealthLanguage): string {
  if (!Number.isFinite(value)) return '?';
  switch (unit) {
    case 'ratio':
      return `${significant(value * 100)} %`;
    case 'bytes':
      return formatBytes(value);
    case 'seconds':
      return formatSpan(value, language);
    case 'celsius':
      return `${significant(value)} °C`;
    default:
      return significant(value);
  }
}

/** A time span in its largest fitting unit, or milliseconds below a second. */
export function formatSpan(seconds: number, language: HealthLanguage): string {
  const name = language === 'en' ? 'en' : 'zh';
  const unit = SPAN_UNITS.find((one) => Math.abs(seconds) >= one.seconds);
  if (unit === undefined)
    return `${significant(seconds * 1_000)}${name === 'en' ? ' ms' : ' 毫秒'}`;
  const count = significant(seconds / unit.seconds);
  return name === 'en' ? `${count} ${unit.en}` : `${count}${unit.zh}`;
}

function formatBytes(bytes: number): string {
  let value = bytes;
  let at = 0;
  while (Math.abs(value) >= 1_024 && at < BYTE_UNITS.length - 1) {
    value /= 1_024;
    at++;
  }
  return `${significant(value)} ${BYTE_UNITS[at]}`;
}

/** Two digits that count, and never fewer than the whole part has. */
function significant(value: number): string {
  if (Math.abs(value) >= 10) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}
