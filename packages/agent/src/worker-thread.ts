/** Starts the sampling thread, from source and from the bundle alike. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerSettings } from './worker-messages.ts';

/** The thread makes little garbage: a small young generation keeps its memory small. */
const YOUNG_GENERATION_MB = 2;
const OLD_GENERATION_MB = 64;

export function startSamplingThread(settings: WorkerSettings): Worker {
  const options = {
    name: 'nowcast-agent',
    workerData: settings,
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      maxOldGenerationSizeMb: OLD_GENERATION_MB,
    },
  };
  // The bundler gives each thread a file of its own beside the one that this module became part of.
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./agent-worker.js', import.meta.url), options);
  return new Worker(sourceProgram(new URL('./worker-entry.ts', import.meta.url)), {
    ...options,
    eval: true,
    execArgv: [],
  });
}

/** TypeScript needs its loader registered within the thread: what the main thread has is not inherited. */
function sourceProgram(entry: URL): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = new URL('./dist/esm/api/index.mjs', tsx);
  return `import(${JSON.stringify(loader.href)})
    .then(({ register }) => (register(), import(${JSON.stringify(entry.href)})))`;
}
