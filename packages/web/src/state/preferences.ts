import type { Signal } from '@preact/signals';
import { persisted } from './persisted.ts';

/** Lengths of time a chart may show, in minutes. */
export const WINDOW_CHOICES = [1, 5, 15] as const;

export type WindowMinutes = (typeof WINDOW_CHOICES)[number];

export const windowMinutes: Signal<WindowMinutes> = persisted<WindowMinutes>(
  'window',
  5,
  WINDOW_CHOICES,
);
