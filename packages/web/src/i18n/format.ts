/**
 * Numbers, units and times as the reader writes them. Three significant digits: enough to see a change,
 * few enough to read at a glance, and always of nearly the same width.
 */
export type Unit =
  | 'ratio'
  | 'bytes'
  | 'bytes_per_second'
  | 'count'
  | 'load'
  | 'per_second'
  | 'celsius'
  | 'seconds'
  | 'rpm'
  | 'watt';

/** A value in two parts, so that a tile can set the unit smaller than the number. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

export interface Format {
  readonly quantity: (value: number, unit: Unit) => Quantity;
  /** The quantity as running text. */
  readonly text: (value: number, unit: Unit) => string;
  /** A round value at an axis: no digits that say nothing. */
  readonly axis: (value: number, unit: Unit) => string;
  /** A whole number, grouped. */
  readonly integer: (value: number) => string;
  /** `3 d 4 h`, `2 min 5 s`: the two largest parts that count. */
  readonly duration: (seconds: number) => string;
  /** Age of a value: `0.4 s`, `12 s`, `3 min`. */
  readonly age: (ms: number) => string;
  /** Time of day with seconds. */
  readonly clock: (timeMs: number) => string;
  /** Time of day without seconds. */
  readonly minute: (timeMs: number) => string;
  /** Day of the month. */
  readonly day: (timeMs: number) => string;
  /** Date and time. */
  readonly dateTime: (timeMs: number) => string;
}

export const UNKNOWN = '–';

const NO_BREAK = '\u00a0';
const AXIS_UNITS: Partial<Record<Unit, string>> = { ratio: '%', celsius: '°' };
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

const PARTS: readonly (readonly [unit: string, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

export function createFormat(locale: string): Format {
  const digits = [0, 1, 2].map(
    (count) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: count,
        maximumFractionDigits: count,
      }),
  );
  const decimal = (value: number, fraction: number): string =>
    (digits[fraction] as Intl.NumberFormat).format(value);
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const minute = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const durationPart = partFormatter(locale);

  const quantity = (value: number, unit: Unit): Quantity => {
    if (!Number.isFinite(value)) return { number: UNKNOWN, unit: '' };
    switch (unit) {
      case 'ratio':
        return { number: decimal(value * 100, Math.abs(value) < 0.0995 ? 1 : 0), unit: '%' };
      case 'bytes':
      case 'bytes_per_second': {
        const [scaled, step] = byteScale(value);
        const suffix = unit === 'bytes' ? '' : '/s';
        const fraction = step === 0 ? 0 : fractionOf(scaled);
        return { number: decimal(scaled, fraction), unit: `${BYTE_UNITS[step]}${suffix}` };
      }
      case 'count':
        return { number: plain(value, decimal, compact), unit: '' };
      case 'load':
        return { number: decimal(value, 2), unit: '' };
      case 'per_second':
        return { number: plain(value, decimal, compact), unit: '/s' };
      case 'celsius':
        return { number: decimal(value, 1), unit: '°C' };
      case 'rpm':
        return { number: decimal(value, 0), unit: 'rpm' };
      case 'watt':
        return { number: decimal(value, fractionOf(value)), unit: 'W' };
      case 'seconds':
        return shortTime(value, decimal);
    }
  };

  return {
    quantity,
    text: (value, unit) => joined(quantity(value, unit)),
    axis: axisFormatter(locale),
    integer: (value) => (Number.isFinite(value) ? decimal(value, 0) : UNKNOWN),
    duration(seconds) {
      if (!Number.isFinite(seconds)) return UNKNOWN;
      return parts(seconds)
        .map(([name, count]) => durationPart(name, count))
        .join(' ');
    },
    age(ms) {
      const seconds = Math.max(0, ms / 1000);
      if (seconds < 9.95) return `${decimal(seconds, 1)}${NO_BREAK}s`;
      return seconds < 120
        ? `${decimal(seconds, 0)}${NO_BREAK}s`
        : durationPart('minute', Math.floor(seconds / 60));
    },
    clock: (timeMs) => clock.format(timeMs),
    minute: (timeMs) => minute.format(timeMs),
    day: (timeMs) => day.format(timeMs),
    dateTime: (timeMs) => dateTime.format(timeMs),
  };
}

function axisFormatter(locale: string): (value: number, unit: Unit) => string {
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: 'compact' });
  return (value, unit) => {
    if (value === 0) return '0';
    if (unit === 'bytes' || unit === 'bytes_per_second') {
      const [scaled, step] = byteScale(value);
      return `${short.format(scaled)}${NO_BREAK}${BYTE_UNITS[step]}`;
    }
    return short.format(unit === 'ratio' ? value * 100 : value) + (AXIS_UNITS[unit] ?? '');
  };
}

type Decimal = (value: number, fraction: number) => string;

/** `%` and `°C` stand close to their number, words keep a space that does not break. */
function joined({ number, unit }: Quantity): string {
  if (unit === '') return number;
  return unit === '%' || unit.startsWith('/') ? number + unit : number + NO_BREAK + unit;
}

function fractionOf(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 99.95) return 0;
  return size >= 9.995 ? 1 : 2;
}

function plain(value: number, decimal: Decimal, compact: Intl.NumberFormat): string {
  if (Math.abs(value) >= 100_000) return compact.format(value);
  return Number.isInteger(value) ? decimal(value, 0) : decimal(value, fractionOf(value));
}

function byteScale(value: number): readonly [scaled: number, step: number] {
  let scaled = value;
  let step = 0;
  // 999.5 KiB would round to four digits.
  while (Math.abs(scaled) >= 999.5 && step < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    step++;
  }
  return [scaled, step];
}

function shortTime(seconds: number, decimal: Decimal): Quantity {
  const size = Math.abs(seconds);
  if (size === 0) return { number: '0', unit: 's' };
  if (size < 0.000_999_5) return { number: decimal(seconds * 1e6, 0), unit: 'µs' };
  if (size < 0.9995)
    return { number: decimal(seconds * 1e3, fractionOf(seconds * 1e3)), unit: 'ms' };
  return { number: decimal(seconds, fractionOf(seconds)), unit: 's' };
}

function parts(seconds: number): readonly (readonly [name: string, count: number])[] {
  const whole = Math.max(0, Math.round(seconds));
  const first = PARTS.findIndex(([, size]) => whole >= size);
  if (first === -1) return [['second', 0]];
  const [name, size] = PARTS[first] as (typeof PARTS)[number];
  const found: [string, number][] = [[name, Math.floor(whole / size)]];
  const next = PARTS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  if (next !== undefined && rest > 0) found.push([next[0], rest]);
  return found;
}

function partFormatter(locale: string): (name: string, count: number) => string {
  const byName = new Map(
    PARTS.map(([unit]) => [
      unit,
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }),
    ]),
  );
  return (name, count) => (byName.get(name) as Intl.NumberFormat).format(count);
}
