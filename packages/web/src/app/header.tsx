import type { VNode } from 'preact';
import { theme } from '../theme/theme.ts';
import { language, t } from '../i18n/language.ts';
import { WINDOW_CHOICES, windowMinutes } from '../state/preferences.ts';
import { ConnectionPill } from './connection-pill.tsx';
import { HostPicker } from './host-picker.tsx';
import { Icon, Wordmark } from './icons.tsx';
import { helpOpen } from './help-dialog.tsx';
import { switchLanguage, switchTheme } from './settings.ts';
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
            class="icon-button text setting"
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
            class="icon-button setting"
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

/** All ranges side by side where there is room, one choice where there is not. */
function WindowPicker(): VNode {
  return (
    <>
      <div class="segments" role="radiogroup" aria-label={t('nav.window')}>
        {WINDOW_CHOICES.map((minutes) => (
          <label key={minutes} class={minutes === windowMinutes.value ? 'chosen' : ''}>
            <input
              type="radio"
              name="window"
              checked={minutes === windowMinutes.value}
              onChange={() => (windowMinutes.value = minutes)}
            />
            {windowText(minutes)}
          </label>
        ))}
      </div>
      <select
        class="window-choice"
        aria-label={t('nav.window')}
        data-testid="window"
        value={windowMinutes.value}
        onChange={(event) => chooseWindow(Number(event.currentTarget.value))}
      >
        {WINDOW_CHOICES.map((minutes) => (
          <option key={minutes} value={minutes}>
            {windowText(minutes)}
          </option>
        ))}
      </select>
    </>
  );
}

function chooseWindow(minutes: number): void {
  const chosen = WINDOW_CHOICES.find((one) => one === minutes);
  if (chosen !== undefined) windowMinutes.value = chosen;
}

function windowText(minutes: number): string {
  if (minutes < 60) return t('nav.window.minutes', { count: minutes });
  if (minutes <= 1_440) return t('nav.window.hours', { count: minutes / 60 });
  return t('nav.window.days', { count: minutes / 1_440 });
}
