/** The functions that take each value by itself. */
export type ScalarMath = (value: number) => number;

const SIMPLE: Readonly<Record<string, ScalarMath>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  rad: (value) => (value * Math.PI) / 180,
  sgn: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

const DAY_S = 86_400;

/** The parts of a date, in UTC, of a time in seconds. */
const CALENDAR: Readonly<Record<string, ScalarMath>> = {
  day_of_month: onDate((date) => date.getUTCDate()),
  day_of_week: onDate((date) => date.getUTCDay()),
  day_of_year: onDate(
    (date) =>
      Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / (DAY_S * 1_000)) + 1,
  ),
  days_in_month: onDate((date) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  ),
  hour: onDate((date) => date.getUTCHours()),
  minute: onDate((date) => date.getUTCMinutes()),
  month: onDate((date) => date.getUTCMonth() + 1),
  year: onDate((date) => date.getUTCFullYear()),
};

export const MATH_FUNCTIONS: ReadonlyMap<string, ScalarMath> = new Map(Object.entries(SIMPLE));

export const CALENDAR_FUNCTIONS: ReadonlyMap<string, ScalarMath> = new Map(
  Object.entries(CALENDAR),
);

/** Halves go up, as Prometheus rounds; to the nearest multiple of `to`. */
export function roundTo(value: number, to: number): number {
  // Multiplying by the inverse keeps 0.1 and its like exact more often than dividing.
  const inverse = 1 / to;
  return Math.floor(value * inverse + 0.5) / inverse;
}

export function clampTo(value: number, min: number, max: number): number {
  return Number.isNaN(value) || Number.isNaN(min) || Number.isNaN(max)
    ? Number.NaN
    : Math.max(min, Math.min(max, value));
}

function onDate(part: (date: Date) => number): ScalarMath {
  // Whole seconds, toward zero, as a time converted to an integer.
  return (seconds) => part(new Date(Math.trunc(seconds) * 1_000));
}
