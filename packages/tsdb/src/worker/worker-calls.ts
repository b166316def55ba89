import { CodedError } from '@nowcast/model';
import { deferred, type Deferred } from '@nowcast/std';
import type { Transferable } from 'node:worker_threads';
import type { MessagePort, Worker } from 'node:worker_threads';

/** What a worker may send without being asked. */
export interface WorkerEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly details?: unknown };
  readonly event?: WorkerEvent;
}

/** A function per method; the pair of interfaces a worker and its owner agree on. */
export type Methods<T> = { readonly [Name in keyof T]: (argument: never) => unknown };

type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Result<F> = F extends (argument: never) => infer R ? Received<Awaited<R>> : never;
type Received<R> = R extends Handover<infer Inner> ? Inner : R;

/** The owner's end: calls with replies, in order, rejected together when the worker dies. */
export class WorkerCalls<T extends Methods<T>> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Deferred<unknown>>();
  #nextId = 0;
  #dead: Error | undefined;

  constructor(worker: Worker, onEvent: (event: WorkerEvent) => void) {
    this.#worker = worker;
    worker.on('message', (reply: Reply) => {
      if (reply.event === undefined) this.#settle(reply);
      else onEvent(reply.event);
    });
    worker.on('error', (error) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    worker.on('exit', (code) => this.#fail(new Error(`the worker ended with code ${code}`)));
    worker.unref();
  }

  async call<Name extends keyof T & string>(
    method: Name,
    argument: Argument<T[Name]>,
    transfer: readonly Transferable[] = [],
  ): Promise<Result<T[Name]>> {
    if (this.#dead !== undefined) throw this.#dead;
    const id = this.#nextId++;
    const reply = deferred<unknown>();
    this.#waiting.set(id, reply);
    if (this.#waiting.size === 1) this.#worker.ref();
    this.#worker.postMessage({ id, method, argument } satisfies Request, [...transfer]);
    return (await reply.promise) as Result<T[Name]>;
  }

  async terminate(): Promise<void> {
    this.#dead ??= new CodedError('store-closed', 'the store has been closed');
    await this.#worker.terminate();
  }

  #settle({ id, result, error }: Reply): void {
    const reply = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error === undefined) reply?.resolve(result);
    else
      reply?.reject(
        new CodedError(error.code, error.message, {
          details: error.details as Record<string, unknown>,
        }),
      );
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    for (const reply of this.#waiting.values()) reply.reject(this.#dead);
    this.#waiting.clear();
  }
}

/** A handler's result that hands over its buffers instead of copying them. */
export class Handover<R> {
  readonly result: R;
  readonly transfer: readonly Transferable[];

  constructor(result: R, transfer: readonly Transferable[]) {
    this.result = result;
    this.transfer = transfer;
  }
}

/** The worker's end. Handlers start in the order of the calls. */
export function serve(
  port: MessagePort,
  handlers: Readonly<Record<string, (argument: never) => unknown>>,
): void {
  port.on('message', ({ id, method, argument }: Request) => {
    void answer(port, id, async () => {
      const handler = handlers[method];
      if (handler === undefined) throw new Error(`unknown method ${method}`);
      return handler(argument as never);
    });
  });
}

async function answer(port: MessagePort, id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    const result = await work();
    if (result instanceof Handover)
      port.postMessage({ id, result: result.result }, [...result.transfer]);
    else port.postMessage({ id, result });
  } catch (error) {
    const { code = 'failed', details } = error as { code?: string; details?: unknown };
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ id, error: { code, message, details } });
  }
}
