import { effect, signal, type Signal } from '@preact/signals';
import { persisted } from '../state/persisted.ts';

export type Theme = 'system' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The reader's choice; `system` follows the operating system. */
export const theme: Signal<Theme> = persisted('theme', 'system', THEMES);

/** Rises whenever colours change for any reason: what is drawn on a canvas looks them up again. */
export const paletteVersion: Signal<number> = signal(0);

export function nextTheme(current: Theme): Theme {
  return THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'system';
}

/** Keeps the document in the chosen theme. */
export function applyTheme(root: HTMLElement): void {
  effect(() => {
    if (theme.value === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme.value;
    paletteVersion.value = paletteVersion.peek() + 1;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    paletteVersion.value++;
  });
}
