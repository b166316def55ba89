/** Large counts and spans of time in a few characters. */
const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `812`, `12.3 k`, `1.20 M`. */
export function formatAmount(count: number): string {
  for (const [size, letter] of STEPS)
    if (count >= size) return `${(count / size).toPrecision(3)} ${letter}`;
  return String(Math.round(count));
}

/** `0:05`, `12:30`, `3 h 20 min`. */
export function formatLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1_000);
  if (seconds >= 3_600)
    return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The longest two units: `29 d 4 h`, `3 h 2 min`, `40 s`. */
export function formatPeriod(spanMs: number): string {
  let left = Math.round(spanMs / 1_000);
  const parts: string[] = [];
  for (const [seconds, unit] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 || (unit === 's' && parts.length === 0)) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ');
}

/** Local time to the second, as dates are sorted; a time beyond every calendar as it is. */
export function formatTime(timeMs: number): string {
  if (!(Math.abs(timeMs) <= 8.64e15)) return `${timeMs} ms`;
  const date = new Date(timeMs);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
