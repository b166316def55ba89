import { expect, test } from 'vitest';
import { startAgentWorker } from './agent-worker.ts';
import type { Batch } from './batch.ts';

test('a real thread samples this machine', async () => {
  const lines: string[] = [];
  let receive: (batch: Batch) => void = () => {};
  const first = new Promise<Batch>((resolve) => (receive = resolve));
  const worker = startAgentWorker({
    onBatch: (batch) => receive(batch),
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    externalLabels: { job: 'node', instance: 'here' },
  });
  const batch = await first;
  await worker.close();
  const labels = batch.newSeries.map((one) => String(one.labels));
  expect(labels).toContain('node_time_seconds{instance="here", job="node"}');
  expect(batch.refs.length).toBe(batch.values.length);
  if (process.platform === 'linux') expect(batch.newSeries.length).toBeGreaterThanOrEqual(300);
  expect(lines).toEqual([]);
});
