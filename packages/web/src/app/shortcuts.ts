import type { Overview } from '../state/overview.ts';
import { WINDOW_CHOICES, windowMinutes } from '../state/preferences.ts';
import { linkOpen } from './connection-pill.tsx';
import { helpOpen } from './help-dialog.tsx';
import { switchLanguage, switchTheme } from './settings.ts';

/** Single keys, listed under `?`. They stay out of the way while something is typed or a modifier is held. */
export function listenForShortcuts(target: Document, overview: Overview): void {
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const action = actionOf(event.key, overview);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function actionOf(key: string, overview: Overview): (() => void) | undefined {
  switch (key) {
    case '?':
      return () => (helpOpen.value = !helpOpen.value);
    case 't':
      return switchTheme;
    case 'l':
      return switchLanguage;
    case 'w':
      return () => stepWindow(1);
    case 'W':
      return () => stepWindow(-1);
    case 'c':
      return () => (linkOpen.value = !linkOpen.value);
    case 'j':
      return () => stepHost(overview, 1);
    case 'k':
      return () => stepHost(overview, -1);
    case 'r':
      return overview.link.value.phase === 'live' ? undefined : () => overview.retryNow();
    case 'Escape':
      return linkOpen.value ? () => (linkOpen.value = false) : undefined;
    default:
      return undefined;
  }
}

function stepWindow(step: number): void {
  const { length } = WINDOW_CHOICES;
  const at = WINDOW_CHOICES.indexOf(windowMinutes.value);
  windowMinutes.value = WINDOW_CHOICES[(at + step + length) % length] ?? WINDOW_CHOICES[0];
}

function stepHost({ hosts, view, chosenHost }: Overview, step: number): void {
  const { length } = hosts.value;
  if (length < 2) return;
  const at = hosts.value.findIndex(({ instance }) => instance === view.value?.instance);
  chosenHost.value = hosts.value[(at + step + length) % length]?.instance ?? '';
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
