import { connect } from '@nowcast/client';
import { must, systemClock } from '@nowcast/std';
import { render } from 'preact';
import { App } from './app/app.tsx';
import { followHealth } from './app/document-title.ts';
import { listenForShortcuts } from './app/shortcuts.ts';
import { createPalette } from './charts/palette.ts';
import { applyLanguage } from './i18n/language.ts';
import { clientSource } from './state/client-source.ts';
import { hostChoice } from './state/host-choice.ts';
import type { LiveSource } from './state/live-source.ts';
import { Overview } from './state/overview.ts';
import { windowMinutes } from './state/preferences.ts';
import { applyTheme, paletteVersion } from './theme/theme.ts';
import './theme/tokens.css';
import './theme/base.css';

async function openSource(): Promise<LiveSource> {
  const parameters = new URLSearchParams(location.search);
  if (import.meta.env.DEV && parameters.has('simulate')) {
    const { simulatedSource } = await import('./simulation/scenarios.ts');
    return simulatedSource(parameters);
  }
  const url = new URL('/monitor', location.href);
  return clientSource(connect({ url: url.href, name: 'nowcast-web' }), systemClock);
}

async function start(): Promise<void> {
  applyTheme(document.documentElement);
  applyLanguage(document.documentElement);
  const overview = new Overview({
    source: await openSource(),
    clock: systemClock,
    requestFrame: (callback) => requestAnimationFrame(callback),
    windowMinutes,
    chosenHost: hostChoice(),
  });
  document.addEventListener('visibilitychange', () =>
    overview.setVisible(document.visibilityState === 'visible'),
  );
  listenForShortcuts(document, overview);
  followHealth(document, overview);
  const palette = createPalette(document.body, () => paletteVersion.peek());
  render(<App context={{ overview, palette }} />, must(document.querySelector('#app'), '#app'));
}

void start();
