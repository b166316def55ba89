/** The hub under test, in a process of its own: its compression and its store are given. Prints its URL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub, type CompressionMode } from '@nowcast/hub';
import { pino } from 'pino';

const compression = (process.argv[2] ?? 'off') as CompressionMode;
const store = process.argv[3] === 'memory' ? 'memory' : 'disk';
const dataDir = await mkdtemp(join(tmpdir(), 'nowcast-fanout-'));
const hub = await startHub({
  port: 0,
  agent: false,
  dataDir,
  compression,
  store,
  logger: pino({ level: 'silent' }),
});
process.stdout.write(`${hub.url.replace('http', 'ws')}/monitor\n`);
const stop = async (): Promise<void> => {
  await hub.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
};
// Also when the bench itself was stopped.
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => void stop());
