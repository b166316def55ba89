import type { buildSync as BuildSync } from 'esbuild';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** What a thread of the store is to be. */
export type WorkerRole = 'wal' | 'keeper' | 'reader';

let compiled: string | undefined;

/**
 * Starts a thread of the store. In the bundled product its code lies beside the bundle as `tsdb-worker.js`;
 * from source it is compiled once per process, since a thread takes no TypeScript.
 */
export function startWorker(role: WorkerRole): Worker {
  const options = { name: `nowcast-${role}`, workerData: { role } };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./tsdb-worker.js', import.meta.url), options);
  compiled ??= compile();
  return new Worker(compiled, { ...options, eval: true });
}

function compile(): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as {
    readonly buildSync: typeof BuildSync;
  };
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./tsdb-worker.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    sourcemap: 'inline',
  });
  return outputFiles[0]?.text ?? '';
}
