import type { Signal } from '@preact/signals';
import { persisted } from './persisted.ts';

/** Lengths of time a chart may show, in minutes. */
export const WINDOW_CHOICES = [1, 5, 15, 60, 360, 1_440, 10_080, 43_200] as const;

/** The longest range that is shown sample by sample. */
export const LIVE_MINUTES_MAX = 15;

export type WindowMinutes = (typeof WINDOW_CHOICES)[number];

export const windowMinutes: Signal<WindowMinutes> = persisted<WindowMinutes>(
  'window',
  5,
  WINDOW_CHOICES,
);
