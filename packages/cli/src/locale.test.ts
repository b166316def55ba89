import { expect, it } from 'vitest';
import { languageOf, SENTENCES } from './locale.ts';

it.each([
  [{}, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }, 'zh'],
  [{ LANG: 'zh_CN', LC_ALL: '' }, 'zh'],
])('%j speaks %s', (env, language) => {
  expect(languageOf(env)).toBe(language);
});

it('says everything in every language', () => {
  const names = Object.values(SENTENCES).map((sentences) => Object.keys(sentences));
  for (const one of names) expect(one).toEqual(names[0]);
});
