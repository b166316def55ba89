/** Builds the product into dist/: the command and its workers by esbuild, the page by Vite. */
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildPage } from 'vite';
import { root } from './ensure.mjs';

/** Output name → entry. Workers are outputs of their own beside the command, found relative to it. */
const ENTRIES = {
  nowcast: 'packages/cli/src/main.ts',
  'query-worker': 'packages/hub/src/api/query-worker.ts',
  'agent-worker': 'packages/agent/src/worker-entry.ts',
  'tsdb-worker': 'packages/tsdb/src/worker/tsdb-worker.ts',
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ENTRIES,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  external: registryDependencies(),
  logLevel: 'warning',
});
await buildPage({
  root: join(root, 'packages/web'),
  logLevel: 'warn',
  build: { outDir: join(root, 'dist/web'), emptyOutDir: true },
});

/** Everything that comes from the registry stays outside; our own packages are bundled. */
function registryDependencies() {
  const names = new Set();
  for (const folder of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(
      readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
    );
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (!name.startsWith('@nowcast/')) names.add(name);
  }
  return [...names];
}
