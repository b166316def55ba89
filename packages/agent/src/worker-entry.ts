/** The sampling thread: collects, hands batches over, obeys. Everything else is decided by its owner. */
import { parentPort, workerData } from 'node:worker_threads';
import { must, systemClock } from '@nowcast/std';
import { collectorsFor } from './collectors/registry.ts';
import { Sampler } from './sampler.ts';
import {
  packBatch,
  type FromWorker,
  type ToWorker,
  type WorkerSettings,
} from './worker-messages.ts';

const port = must(parentPort, 'the port to the owner of the sampling thread');
const settings = workerData as WorkerSettings;

function post(message: FromWorker): void {
  if (message.kind === 'batch')
    port.postMessage(message, [message.refs.buffer, message.values.buffer]);
  else port.postMessage(message);
}

const sampler = new Sampler({
  clock: systemClock,
  collectors: collectorsFor(process.platform),
  sink: { publish: (batch) => post(packBatch(batch)) },
  log: {
    info: (message) => post({ kind: 'log', level: 'info', message }),
    warn: (message) => post({ kind: 'log', level: 'warn', message }),
  },
  ...settings,
});

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'interval':
      sampler.setInterval(message.intervalMs);
      break;
    case 'stop':
      sampler.stop();
      port.close();
      break;
  }
});

sampler.start();
