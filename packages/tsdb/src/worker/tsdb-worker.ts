import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Keeper } from './keeper-role.ts';
import { Reader } from './reader-role.ts';
import { WalWriter } from './wal-role.ts';
import { serve } from './worker-calls.ts';
import type { WorkerRole } from './worker-url.ts';

/** The entry of the store's threads. Each serves one role; damage it meets is sent to the owner as an event. */
const port = parentPort as MessagePort;
const { role } = workerData as { readonly role: WorkerRole };

function onDamage(message: string): void {
  port.postMessage({ event: { level: 'error', message } });
}

function handlersOf(role: WorkerRole): Parameters<typeof serve>[1] {
  switch (role) {
    case 'wal': {
      const wal = new WalWriter();
      return {
        write: (frame: never) => wal.write(frame),
        drop: (before: never) => wal.drop(before),
      };
    }
    case 'keeper': {
      const keeper = new Keeper(onDamage);
      return {
        open: (directory: never) => keeper.open(directory),
        gather: (part: never) => keeper.gather(part),
        seal: (argument: never) => keeper.seal(argument),
        maintain: (argument: never) => keeper.maintain(argument),
        unlink: (ids: never) => keeper.unlink(ids),
      };
    }
    case 'reader': {
      const reader = new Reader(onDamage);
      return {
        use: (argument: never) => reader.use(argument),
        read: (request: never) => reader.read(request),
        readRolled: (request: never) => reader.readRolled(request),
        labels: (request: never) => reader.labels(request),
      };
    }
  }
}

serve(port, handlersOf(role));
