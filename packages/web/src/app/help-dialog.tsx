import { signal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/en.ts';
import { Icon } from './icons.tsx';
import { switchLanguage, switchTheme } from './settings.ts';
import './help-dialog.css';

/** Whether the help is open; shared with the keyboard. */
export const helpOpen: Signal<boolean> = signal(false);

const SHORTCUTS: readonly (readonly [keys: readonly string[], text: MessageKey])[] = [
  [['?'], 'help.show'],
  [['T'], 'help.theme'],
  [['L'], 'help.language'],
  [['W'], 'help.window'],
  [['C'], 'help.link'],
  [['J', 'K'], 'help.host'],
  [['R'], 'help.retry'],
  [['←', '→'], 'help.chart'],
  [['Esc'], 'help.escape'],
];

/** What the keyboard can do, and two things worth knowing. */
export function HelpDialog(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-label={t('help.title')}
      onClose={() => (helpOpen.value = false)}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="help-body">
        <header>
          <h2>{t('help.title')}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label={t('help.close')}
            onClick={() => (helpOpen.value = false)}
          >
            <Icon name="close" />
          </button>
        </header>
        <dl>
          {SHORTCUTS.map(([keys, text]) => (
            <div key={text}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{t(text)}</dd>
            </div>
          ))}
        </dl>
        <div class="help-settings" role="group" aria-label={t('help.settings')}>
          <button type="button" class="button" onClick={switchLanguage}>
            {t('nav.languageShort')}
          </button>
          <button type="button" class="button" onClick={switchTheme}>
            {t('help.theme')}
          </button>
        </div>
        <p>{t('help.about')}</p>
        <p>{t('help.units')}</p>
      </div>
    </dialog>
  );
}
