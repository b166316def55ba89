const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The newest `width` values as bars between their least and greatest; a gap where one is not a number. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const finite = shown.filter((value) => Number.isFinite(value));
  const least = Math.min(...finite);
  const range = Math.max(...finite) - least;
  const bars = shown.map((value) => {
    if (!Number.isFinite(value)) return ' ';
    const level = range === 0 ? 0 : Math.round(((value - least) / range) * (BARS.length - 1));
    return BARS[level] ?? ' ';
  });
  return bars.join('').padStart(width);
}
