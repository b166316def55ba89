import { readFileSync } from 'node:fs';
import { DEFAULT_API_LIMITS, DEFAULT_HEALTH, DEFAULT_LIMITS, DEFAULT_LIVE } from '@nowcast/hub';
import { expect, it } from 'vitest';

const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');

const defaults = { ...DEFAULT_LIMITS, ...DEFAULT_API_LIMITS, ...DEFAULT_LIVE, ...DEFAULT_HEALTH };

it.each(Object.entries(defaults))('docs/operations.md states the default of %s', (name, value) => {
  expect(text).toContain(`| \`${name}\` | ${value} |`);
});
