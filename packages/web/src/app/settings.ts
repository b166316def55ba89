import { language } from '../i18n/language.ts';
import { nextTheme, theme } from '../theme/theme.ts';

export function switchLanguage(): void {
  language.value = language.value === 'en' ? 'zh' : 'en';
}

export function switchTheme(): void {
  theme.value = nextTheme(theme.value);
}
