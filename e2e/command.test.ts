import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runNowcast, startHubProcess, temporaryFolder } from './fixtures/nowcast-process.ts';

const open: { [Symbol.dispose](): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

describe('the nowcast command', () => {
  it.each([['--help'], ['up', '--help'], ['agent', '--help'], ['tail', '--help']])(
    'explains itself: %s',
    async (...args) => {
      const { code, stdout } = await runNowcast(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Usage: nowcast/);
    },
  );

  it.each([
    [['up', '--prot', '1']],
    [['agent']],
    [['up', '--port', 'eight']],
    [['nonsense']],
    [['up', '--config', '/nowhere/nowcast.yaml']],
    [['up', '--tls-cert', '/nowhere/cert.pem', '--tls-key', '/nowhere/key.pem']],
  ])('refuses %j in one line, with exit code 2', async (args) => {
    const { code, stdout, stderr } = await runNowcast(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names a port that is taken, with exit code 2', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    open.push({ [Symbol.dispose]: () => void taken.close() });
    using data = temporaryFolder();
    const { code, stderr } = await runNowcast(['up', '--port', String(port), '--data', data.path]);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(String(port));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is ready when it says so, and ends cleanly on %s',
    async (signal) => {
      using data = temporaryFolder();
      await using hub = await startHubProcess({ data: data.path });
      for (const path of ['/-/ready', '/-/healthy']) {
        const answer = await fetch(hub.url + path);
        expect([path, answer.status]).toEqual([path, 200]);
      }
      const { code, stderr } = await hub.stop(signal);
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/"level":(50|60)/);
    },
  );
});
