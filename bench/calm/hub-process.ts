/** The hub under test, in a process of its own. Says its URL; asked by a message, says its loop's delay since last asked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startHub } from '@nowcast/hub';
import { pino } from 'pino';

export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const NS_PER_MS = 1e6;
const RESOLUTION_MS = 1;
const dataDir = await mkdtemp(join(tmpdir(), 'nowcast-calm-'));
const logger = pino({ level: 'silent' });
const hub = await startHub({ port: 0, agent: false, dataDir, logger });
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
process.on('message', () => {
  // The timer's own interval is part of what is recorded.
  const ms = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
  const delay: LoopDelay = {
    p50Ms: ms(delays.percentile(50)),
    p99Ms: ms(delays.percentile(99)),
    maxMs: ms(delays.max),
  };
  delays.reset();
  process.send?.(delay);
});
const stop = async (): Promise<void> => {
  await hub.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
};
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => void stop());
process.send?.(hub.url);
