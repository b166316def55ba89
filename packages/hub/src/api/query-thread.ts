/**
 * Large queries in a thread of their own, so that the live path never waits for one. Small ones are computed
 * on the spot: sending them would cost more than they do.
 */
import { CodedError } from '@nowcast/model';
import { type Clock, type Deferred, deferred } from '@nowcast/std';
import type { buildSync as BuildSync } from 'esbuild';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { QueryAnswer } from './query-answer.ts';
import { InlineQueryEngine, type QueryEngine, type QueryTask } from './query-engine.ts';
import { packQuery, type QueryReply, type QueryRequest } from './query-messages.ts';

/** Samples read plus points to compute; below this a query takes about a millisecond. */
const INLINE_WORK_MAX = 20_000;

export class ThreadedQueryEngine implements QueryEngine {
  readonly #inline: InlineQueryEngine;
  readonly #waiting = new Map<number, Deferred<QueryAnswer>>();
  #worker: Worker | undefined;
  #nextId = 0;

  constructor(clock: Clock) {
    this.#inline = new InlineQueryEngine(clock);
  }

  async evaluate(task: QueryTask): Promise<QueryAnswer> {
    if (workOf(task) <= INLINE_WORK_MAX) return this.#inline.evaluate(task);
    task.signal.throwIfAborted();
    const { fetched, signal, ...rest } = task;
    const id = this.#nextId++;
    const reply = deferred<QueryAnswer>();
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => {
      Atomics.store(cancelled, 0, 1);
      reply.reject(signal.reason);
    };
    signal.addEventListener('abort', abort);
    this.#waiting.set(id, reply);
    const request: QueryRequest = { ...rest, id, query: packQuery(fetched), cancelled };
    this.#thread().postMessage(request, buffersOf(task));
    try {
      return await reply.promise;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(id);
    }
  }

  /** Ends the thread; queries under way are rejected. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = startQueryThread();
    worker.unref();
    worker.on('message', (reply: QueryReply) => this.#settle(reply));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the query thread ended')));
    this.#worker = worker;
    return worker;
  }

  #settle(reply: QueryReply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(new CodedError(reply.error.code, reply.error.message));
  }

  /** The next large query starts a new thread. */
  #fail(error: unknown): void {
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

/** What is handed over instead of copied: the samples were read for this query alone. */
function buffersOf({ fetched: { selections } }: QueryTask): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const selection of selections)
    for (const { timesMs, values } of selection)
      for (const { buffer, length } of [timesMs, values])
        if (buffer instanceof ArrayBuffer && length > 0) buffers.add(buffer);
  return [...buffers];
}

function workOf({ fetched: { selections, steps } }: QueryTask): number {
  let work = 0;
  for (const selection of selections) {
    work += selection.length * steps.count;
    for (const { timesMs } of selection) work += timesMs.length;
  }
  return work;
}

/** Beside the bundle in the product; from source compiled first, since a thread takes no TypeScript. */
function startQueryThread(): Worker {
  const name = 'nowcast-query';
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./query-worker.js', import.meta.url), { name });
  const esbuild = createRequire(import.meta.url)('esbuild') as {
    readonly buildSync: typeof BuildSync;
  };
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [fileURLToPath(new URL('./query-worker.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  return new Worker(outputFiles[0]?.text ?? '', { name, eval: true });
}
