import { expect, test } from 'vitest';
import { en, type MessageKey } from './en.ts';
import { fill } from './language.ts';
import { zh } from './zh.ts';

const keys = Object.keys(en) as MessageKey[];
const sources: Record<string, string> = import.meta.glob(['../**/*.{ts,tsx}', '!./*.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

test('both languages put the same values into the same texts, and no text is empty', () => {
  const different = keys.filter(
    (key) => zh[key] === '' || placeholders(zh[key]).join() !== placeholders(en[key]).join(),
  );
  expect(different).toEqual([]);
});

test('no text is left that nothing shows', () => {
  const code = Object.values(sources).join('\n');
  const unused = keys.filter((key) => {
    const [area = '', ...rest] = key.split('.');
    const parents = rest.map((_, at) => [area, ...rest.slice(0, at)].join('.'));
    return (
      !code.includes(`'${key}'`) &&
      !parents.some((one) => code.includes(`\`${one}.\${`)) &&
      !code.includes(`plural('${key.replace(/\.(one|other)$/, '')}'`)
    );
  });
  expect(unused).toEqual([]);
});

test('fill puts in what it is given and leaves the rest to be seen', () => {
  expect(fill('{a} of {b}', { a: 0 })).toBe('0 of {b}');
});
