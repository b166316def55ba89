import { EventEmitter } from 'node:events';
import { FakeClock } from '@nowcast/std/testing';
import { LabelSet } from '@nowcast/model';
import { expect, test } from 'vitest';
import { startAgentWorker } from './agent-worker.ts';
import { Follower } from './testing/snapshot.ts';
import { packBatch, type ToWorker, type WorkerSettings } from './worker-messages.ts';

class FakeThread extends EventEmitter {
  readonly settings: WorkerSettings;
  readonly received: ToWorker[] = [];

  constructor(settings: WorkerSettings) {
    super();
    this.settings = settings;
  }

  postMessage(message: ToWorker): void {
    this.received.push(message);
  }

  terminate(): Promise<number> {
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  sample(ref: number, value: number): void {
    const definition = { ref, labels: LabelSet.from({ __name__: 'x' }), help: '', unit: '' };
    this.emit(
      'message',
      packBatch({
        timeMs: 1000,
        newSeries: [{ ...definition, type: 'gauge' }],
        refs: Uint32Array.of(ref),
        values: Float64Array.of(value),
      }),
    );
  }
}

function fixture() {
  const clock = new FakeClock();
  const threads: FakeThread[] = [];
  const follower = new Follower();
  const lines: string[] = [];
  const worker = startAgentWorker({
    clock,
    onBatch: (batch) => follower.publish(batch),
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    startThread(settings) {
      const thread = new FakeThread(settings);
      threads.push(thread);
      return thread;
    },
  });
  return { clock, threads, follower, worker, lines };
}

test('a thread that crashed is started again; its series end and refs are not used twice', async () => {
  const { clock, threads, follower, worker, lines } = fixture();
  threads[0]?.sample(0, 7);
  expect([...follower.current]).toEqual([[0, 7]]);
  threads[0]?.emit('error', new Error('out of memory'));
  threads[0]?.emit('exit', 1);
  expect(follower.current.size).toBe(0);
  expect(lines[0]).toContain('out of memory');
  clock.advance(1000);
  expect(threads).toHaveLength(2);
  expect(threads[1]?.settings.firstRef).toBe(1);
  threads[1]?.sample(1, 8);
  expect([...follower.current]).toEqual([[1, 8]]);
  await worker.close();
  expect(clock.pending).toBe(0);
});

test('the interval reaches the thread, and the next one too', async () => {
  const { clock, threads, worker } = fixture();
  worker.setInterval(200);
  expect(threads[0]?.received).toEqual([{ kind: 'interval', intervalMs: 200 }]);
  threads[0]?.emit('exit', 1);
  clock.advance(1000);
  expect(threads[1]?.settings.intervalMs).toBe(200);
  await worker.close();
});

test('after close nothing is started or reported', async () => {
  const { clock, threads, follower, worker, lines } = fixture();
  threads[0]?.sample(0, 7);
  await worker.close();
  clock.advance(60_000);
  expect(threads).toHaveLength(1);
  expect(lines).toEqual([]);
  expect(follower.batches).toHaveLength(1);
});
