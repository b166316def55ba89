/**
 * Where data are kept unless the user says otherwise: in a checkout `.nowcast` at its root, so that
 * trying the product leaves nothing elsewhere; installed, the place XDG names for state.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface DataDirSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the running program. */
  readonly programDir: string;
  readonly exists: (path: string) => boolean;
  readonly home: string;
}

export const SYSTEM_SOURCES: DataDirSources = {
  env: process.env,
  programDir: dirname(fileURLToPath(import.meta.url)),
  exists: existsSync,
  home: homedir(),
};

export function defaultDataDir(sources: DataDirSources = SYSTEM_SOURCES): string {
  const checkout = findCheckout(sources);
  if (checkout !== undefined) return join(checkout, '.nowcast');
  return join(sources.env['XDG_STATE_HOME'] || join(sources.home, '.local', 'state'), 'nowcast');
}

/** The page as the build leaves it; undefined when there is none, as in development. */
export function builtPageDir(sources: DataDirSources = SYSTEM_SOURCES): string | undefined {
  const checkout = findCheckout(sources);
  const candidates = [join(sources.programDir, 'web')];
  if (checkout !== undefined) candidates.push(join(checkout, 'dist', 'web'));
  return candidates.find((dir) => sources.exists(join(dir, 'index.html')));
}

function findCheckout({ programDir, exists }: DataDirSources): string | undefined {
  for (let dir = programDir; dir !== dirname(dir); dir = dirname(dir))
    if (exists(join(dir, '.git')) && exists(join(dir, 'bin', 'nowcast'))) return dir;
  return undefined;
}
