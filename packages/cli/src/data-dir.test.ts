import { expect, it } from 'vitest';
import { builtPageDir, defaultDataDir, type DataDirSources } from './data-dir.ts';

function sources(programDir: string, ...existing: readonly string[]): DataDirSources {
  return { env: {}, home: '/home/ada', programDir, exists: (path) => existing.includes(path) };
}

const checkout = ['/src/nowcast/.git', '/src/nowcast/bin/nowcast'];

it('keeps data in the checkout it runs from, built or not', () => {
  for (const dir of ['/src/nowcast/dist', '/src/nowcast/packages/cli/src'])
    expect(defaultDataDir(sources(dir, ...checkout))).toBe('/src/nowcast/.nowcast');
});

it('installed, keeps data where XDG says', () => {
  const installed = sources('/src/other/node_modules/nowcast/dist', '/src/other/.git');
  expect(defaultDataDir(installed)).toBe('/home/ada/.local/state/nowcast');
  const env = { XDG_STATE_HOME: '/state' };
  expect(defaultDataDir({ ...installed, env })).toBe('/state/nowcast');
});

it('finds the page beside the program, or the one built in the checkout', () => {
  const beside = sources('/opt/nowcast', '/opt/nowcast/web/index.html');
  expect(builtPageDir(beside)).toBe('/opt/nowcast/web');
  const source = sources(
    '/src/nowcast/packages/cli/src',
    ...checkout,
    '/src/nowcast/dist/web/index.html',
  );
  expect(builtPageDir(source)).toBe('/src/nowcast/dist/web');
  expect(builtPageDir(sources('/opt/nowcast'))).toBeUndefined();
});
