import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { example, nowcast, temporaryFolder, type Program } from './process.ts';

const TIMEOUT_MS = 60_000;

interface HubProgram extends AsyncDisposable {
  readonly program: Program;
  readonly url: string;
}

/** A hub on a free port that measures nothing itself. */
async function startHub(dataDir: string, ...flags: readonly string[]): Promise<HubProgram> {
  const program = nowcast('up', '--port', '0', '--no-agent', '--data', dataDir, ...flags);
  const [, url = ''] = await program.seen(/Open +(http:\/\/[^\s/]+)/);
  return { program, url, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

it(
  'wrong use ends with one line and exit code 2',
  async () => {
    await using program = nowcast('up', '--bogus');
    expect(await program.exited).toEqual({ code: 2, signal: null });
    expect(program.stderr).toBe("nowcast: unknown option '--bogus'\n");
    expect(program.stdout).toBe('');
  },
  TIMEOUT_MS,
);

describe('a hub', () => {
  it(
    'is started, watched, published to, and stopped, each with one command',
    async () => {
      using folder = temporaryFolder();
      await using hub = await startHub(join(folder.path, 'data'));
      const { url } = hub;
      const monitor = `${url.replace('http', 'ws')}/monitor`;
      expect(hub.program.stdout).toContain('off; this hub only receives');

      await using tail = nowcast('tail', '{job="greenhouse"}', '--hub', url, '--json', '--all');
      await using sensor = example('publish-sensor.mjs', monitor);
      await sensor.seen(/online/);
      await tail.seen(/"sensor_humidity_ratio"/);
      const sample = JSON.parse(tail.stdout.split('\n')[0] ?? '') as Record<string, unknown>;
      expect(sample).toMatchObject({
        timeMs: expect.any(Number),
        time: expect.any(String),
        labels: { job: 'greenhouse', instance: 'greenhouse-1' },
        value: expect.any(Number),
      });

      await using plain = example('plain-client.mjs', monitor);
      await plain.seen(/"type":"welcome"/);
      await plain.seen(/"type":"overview"/);

      const port = new URL(url).port;
      await using second = nowcast('up', '--port', port, '--data', join(folder.path, 'other'));
      expect(await second.exited).toEqual({ code: 2, signal: null });
      expect(second.stderr).toMatch(/^nowcast: port \d+ .*taken.*\n$/m);

      sensor.kill('SIGINT');
      expect(await sensor.exited).toEqual({ code: 0, signal: null });
      expect(sensor.stdout).toMatch(/[1-9]\d* batches are safe with the hub/);
      tail.kill('SIGTERM');
      expect(await tail.exited).toEqual({ code: 0, signal: null });
      hub.program.kill('SIGTERM');
      expect(await hub.program.exited).toEqual({ code: 0, signal: null });
      await plain.seen(/closed \d+/);
      expect(await plain.exited).toEqual({ code: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'gets this machine’s series from an agent of its own, which says what happens and ends cleanly',
    async () => {
      using folder = temporaryFolder();
      await using hub = await startHub(join(folder.path, 'data'));
      const { url } = hub;
      const spool = join(folder.path, 'spool');
      await using agent = nowcast('agent', '--hub', url, '--spool', spool);
      await agent.seen(/connected to ws:/, 'stderr');
      await using tail = nowcast('tail', 'node_load1', '--hub', url);
      await tail.seen(/^\S+Z {2}node_load1\{instance=".*", job="node"\} {2}\d/m);
      await using overview = nowcast('tail', '--hub', url);
      await overview.seen(/HOST.*LOAD.*MEMORY/);
      hub.program.kill('SIGKILL');
      await agent.seen(/is not connected/, 'stderr');
      await tail.seen(/is not connected/, 'stderr');
      agent.kill('SIGINT');
      expect(await agent.exited).toEqual({ code: 0, signal: null });
      overview.kill('SIGINT');
      expect(await overview.exited).toEqual({ code: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'that refuses the token ends the command with exit code 1',
    async () => {
      using folder = temporaryFolder();
      await using hub = await startHub(folder.path, '--host', '0.0.0.0');
      const { url } = hub;
      expect(hub.program.stdout).toContain('/?token=');
      expect(hub.program.stdout).toContain('The link carries the access token');
      for (const args of [
        ['agent', '--token', 'wrong'],
        ['tail', 'up', '--token', 'wrong'],
        ['tail', '--token', 'wrong'],
      ]) {
        await using program = nowcast(...args, '--hub', url);
        expect(await program.exited, args.join(' ')).toEqual({ code: 1, signal: null });
        expect(program.stderr).toMatch(/unauthorized.*\n$/);
      }
    },
    TIMEOUT_MS,
  );
});
