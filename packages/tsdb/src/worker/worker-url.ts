import type { buildSync as BuildSync } from 'esbuild';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker, type ResourceLimits, type WorkerOptions } from 'node:worker_threads';

/** What a thread of the store is to be. */
export type WorkerRole = 'wal' | 'keeper' | 'reader';

/**
 * Below 2 GiB V8 lets a heap grow by less than half between collections instead of fourfold, and young space
 * stays small: what a seal or a large read leaves behind is given back soon. Samples lie outside this heap.
 */
const HEAP_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 1_536, maxYoungGenerationSizeMb: 16 };

let compiled: string | undefined;

/**
 * Starts a thread of the store. In the bundled product its code lies beside the bundle as `tsdb-worker.js`;
 * from source it is compiled once per process, since a thread takes no TypeScript.
 */
export function startWorker(role: WorkerRole): Worker {
  const options: WorkerOptions = {
    name: `nowcast-${role}`,
    workerData: { role },
    resourceLimits: HEAP_LIMITS,
  };
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
  });
  return outputFiles[0]?.text ?? '';
}
