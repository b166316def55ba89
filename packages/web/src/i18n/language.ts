import { computed, effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { persisted } from '../state/persisted.ts';
import { en, type MessageKey, type Messages } from './en.ts';
import { createFormat, type Format } from './format.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';

const MESSAGES: Readonly<Record<Language, Messages>> = { en, zh };

/** The reader's choice; until there is one, the first of the browser's languages that we speak. */
export const language: Signal<Language> = persisted('language', preferred(), ['en', 'zh']);

/** BCP 47 tag for numbers and times: the browser's own variant of the language where it has one. */
const locale: ReadonlySignal<string> = computed(() => {
  const fallback = language.value === 'zh' ? 'zh-CN' : 'en';
  return browserLanguages().find((tag) => tag.startsWith(language.value)) ?? fallback;
});

export const format: ReadonlySignal<Format> = computed(() => createFormat(locale.value));

export type Parameters = Readonly<Record<string, string | number>>;

/** The text of a key in the reader's language; reading it inside a component follows the language. */
export function t(key: MessageKey, parameters?: Parameters): string {
  return fill(MESSAGES[language.value][key], parameters);
}

/** The text for a count: `key.one` or `key.other`. */
export function plural(key: PluralKey, count: number): string {
  const form = language.value === 'en' && count === 1 ? 'one' : 'other';
  return t(`${key}.${form}`, { count: format.value.integer(count) });
}

type PluralKey = MessageKey extends infer Key
  ? Key extends `${infer Base}.other`
    ? Base
    : never
  : never;

export function fill(text: string, parameters: Parameters = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name in parameters ? String(parameters[name]) : whole,
  );
}

/** Keeps the document's language in step, for screen readers, hyphenation and fonts. */
export function applyLanguage(root: HTMLElement): void {
  effect(() => {
    root.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  });
}

function preferred(): Language {
  for (const tag of browserLanguages()) {
    if (tag.startsWith('zh')) return 'zh';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}

function browserLanguages(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
}
