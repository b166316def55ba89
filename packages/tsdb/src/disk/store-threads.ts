import { WorkerCalls, type WorkerEvent } from '../worker/worker-calls.ts';
import type { KeeperRole } from '../worker/keeper-role.ts';
import type { ReaderRole } from '../worker/reader-role.ts';
import type { WalRole } from '../worker/wal-role.ts';
import { startWorker } from '../worker/worker-url.ts';

/** The three threads of a disk store: making appends durable, writing blocks, reading blocks. */
export interface StoreThreads {
  readonly wal: WorkerCalls<WalRole>;
  readonly keeper: WorkerCalls<KeeperRole>;
  readonly reader: WorkerCalls<ReaderRole>;
}

export function startThreads(onEvent: (event: WorkerEvent) => void): StoreThreads {
  return {
    wal: new WorkerCalls(startWorker('wal'), onEvent),
    keeper: new WorkerCalls(startWorker('keeper'), onEvent),
    reader: new WorkerCalls(startWorker('reader'), onEvent),
  };
}
