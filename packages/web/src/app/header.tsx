import type { VNode } from 'preact';
import { nextTheme, theme } from '../theme/theme.ts';
import { language, t } from '../i18n/language.ts';
import { WINDOW_CHOICES, windowMinutes } from '../state/preferences.ts';
import { ConnectionPill } from './connection-pill.tsx';
import { HostPicker } from './host-picker.tsx';
import { Icon, Wordmark } from './icons.tsx';
import { helpOpen } from './help-dialog.tsx';
import './header.css';

/** Always in sight: which host, how the connection is, how old the newest value is, and the settings. */
export function Header(): VNode {
  return (
    <header class="page-header">
      <div class="page-header-row">
        <Wordmark />
        <HostPicker />
        <ConnectionPill />
        <div class="controls" role="group" aria-label={t('nav.controls')}>
          <WindowPicker />
          <button
            type="button"
            class="icon-button text"
            aria-label={t('nav.language')}
            title={t('nav.language')}
            data-testid="language"
            lang={language.value === 'en' ? 'zh-CN' : 'en'}
            onClick={switchLanguage}
          >
            {t('nav.languageShort')}
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t(`nav.theme.${theme.value}`)}
            title={t(`nav.theme.${theme.value}`)}
            data-testid="theme"
            onClick={switchTheme}
          >
            <Icon name={theme.value} />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t('nav.help')}
            title={`${t('nav.help')} (?)`}
            data-testid="help"
            onClick={() => (helpOpen.value = true)}
          >
            <Icon name="help" />
          </button>
        </div>
      </div>
    </header>
  );
}

export function switchLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
}

export function switchTheme(): void {
  theme.value = nextTheme(theme.value);
}

function WindowPicker(): VNode {
  return (
    <div class="segments" role="radiogroup" aria-label={t('nav.window')}>
      {WINDOW_CHOICES.map((minutes) => (
        <label key={minutes} class={minutes === windowMinutes.value ? 'chosen' : ''}>
          <input
            type="radio"
            name="window"
            checked={minutes === windowMinutes.value}
            onChange={() => (windowMinutes.value = minutes)}
          />
          {t('nav.window.minutes', { count: minutes })}
        </label>
      ))}
    </div>
  );
}
