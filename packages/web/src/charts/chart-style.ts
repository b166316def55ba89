import type { Unit } from '../i18n/format.ts';

/** How a chart draws its lines. */
export interface ChartStyle {
  /** `stack`: lines add up, as areas. `mirror`: the second line hangs below zero. */
  readonly kind: 'lines' | 'stack' | 'mirror';
  readonly unit: Unit;
  /** Colour of a line as a CSS expression. */
  readonly colour: (id: string, index: number) => string;
  /** Name of a line in the reader's language. */
  readonly name: (id: string) => string;
  /** Fixed upper end; without it a round number above the largest value. */
  readonly ceiling?: (() => number) | undefined;
  /** Do not start at zero: for temperatures. */
  readonly floating?: boolean | undefined;
}

/** Colours by place, in the order of the palette. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % 8) + 1})`;
}
