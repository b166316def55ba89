import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '@nowcast/std/testing';
import { expect, test } from 'vitest';
import { Sampler } from '../sampler.ts';
import { Follower } from '../testing/snapshot.ts';
import { processes } from './processes.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/machine', import.meta.url));

test('counts, states, and the largest and busiest processes by name', () => {
  const root = mkdtempSync(join(tmpdir(), 'nowcast-processes-'));
  cpSync(FIXTURE, root, { recursive: true, verbatimSymlinks: true });
  const clock = new FakeClock();
  const sink = new Follower();
  const paths = { procPath: join(root, 'proc'), sysPath: join(root, 'sys'), rootPath: root };
  const sampler = new Sampler({ clock, sink, collectors: [processes], paths });
  sampler.start();
  const value = (name: string): number | undefined =>
    [...sink.values()].find(([labels]) => labels.startsWith(name))?.[1];
  expect(value('node_processes_pids')).toBe(2);
  expect(value('node_processes_threads')).toBe(4);
  expect(value('node_processes_state{state="R"}')).toBe(1);
  const odd = 'name="my (odd) name", pid="42"';
  expect(value(`nowcast_process_resident_memory_bytes{${odd}`)).toBe(2048 * 4096);
  expect(value(`nowcast_process_cpu_seconds_total{${odd}`)).toBe(3);
  writeFileSync(
    join(root, 'proc/43/stat'),
    '43 (worker) R 42 42 42 0 -1 0 1 2 3 4 500 0 0 0 20 0 1 0 2345 1000 512 0',
  );
  rmSync(join(root, 'proc/42'), { recursive: true });
  clock.advance(2000);
  // 4 s of CPU in 2 s, smoothed by half.
  expect(value('nowcast_process_cpu_usage_ratio{name="worker"')).toBeCloseTo(1, 1);
  expect(value(`nowcast_process_resident_memory_bytes{${odd}`)).toBeUndefined();
  expect(value('node_processes_pids')).toBe(1);
  sampler.stop();
  rmSync(root, { recursive: true });
});
