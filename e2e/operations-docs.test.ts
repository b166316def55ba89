import { readFileSync } from 'node:fs';
import { DEFAULT_API_LIMITS, DEFAULT_LIMITS, DEFAULT_LIVE } from '@nowcast/hub';
import { expect, it } from 'vitest';

const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');

it.each(Object.entries({ ...DEFAULT_LIMITS, ...DEFAULT_API_LIMITS, ...DEFAULT_LIVE }))(
  'docs/operations.md states the default of %s',
  (name, value) => {
    expect(text).toContain(`| \`${name}\` | ${value} |`);
  },
);
