import type { ErrorCatalogue, ErrorEntry } from '@nowcast/model';
import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const packages = new URL('../packages/', import.meta.url);

interface Listed {
  readonly code: string;
  readonly entry: ErrorEntry;
  readonly owner: string;
}

/** docs/errors.md is the rendering of every package's catalogue; `npx vitest run e2e/error-docs.test.ts -u` writes it. */
it('docs/errors.md lists every code of every package', async () => {
  const listed: Listed[] = [];
  for (const owner of readdirSync(packages)) {
    const file = new URL(`${owner}/src/errors.ts`, packages);
    if (existsSync(file)) listed.push(...(await catalogueOf(owner, file)));
  }
  const codes = listed.map(({ code }) => code);
  expect(new Set(codes).size, 'a code belongs to one package').toBe(codes.length);
  listed.sort((a, b) => (a.code < b.code ? -1 : 1));
  await expect(render(listed)).toMatchFileSnapshot('../docs/errors.md');
});

async function catalogueOf(owner: string, file: URL): Promise<Listed[]> {
  const module = (await import(file.href)) as Record<string, unknown>;
  const catalogues = Object.values(module).filter((value) => typeof value === 'object');
  return (catalogues as ErrorCatalogue[]).flatMap((catalogue) =>
    Object.entries(catalogue).map(([code, entry]) => ({ code, entry, owner })),
  );
}

function render(listed: readonly Listed[]): string {
  const sections = listed.map(
    ({ code, entry, owner }) =>
      `## ${code}\n\n${entry.meaning}\n\n**What to do:** ${entry.action}\n\n` +
      `${entry.retryable ? 'May succeed later without a change.' : 'Fails again until something changes.'} Raised by \`${owner}\`.\n`,
  );
  return (
    '# Errors\n\nEvery error a user or a client can meet, by its code. The codes stand in messages on the wire, in HTTP ' +
    `answers and in logs, and keep their meaning.\n\n${sections.join('\n')}`
  );
}
