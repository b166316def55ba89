import { afterEach, expect, it, vi } from 'vitest';
import { run } from './run.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcomeOf(...args: readonly string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  const code = await run(args);
  vi.restoreAllMocks();
  return { code, ...written };
}

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  [['upp'], /^nowcast: unknown command 'upp' \(Did you mean up\?\)\n$/],
  [['up', '--port', 'x'], /^nowcast: option '--port <number>' argument 'x' is invalid\. .*\n$/],
  [['up', '--port', '65536'], /^nowcast: .* A port is a whole number from 0 to 65535\.\n$/],
  [['up', '--tls-cert', 'x'], /^nowcast: --tls-cert and --tls-key go together\n$/],
  [['up', '--config', '/nowhere.yml'], /^nowcast: cannot read .*\(config-unreadable\)\n$/],
  [['up', '--log-level', 'loud'], /^nowcast: .*Allowed choices are .*\n$/],
  [['agent'], /^nowcast: required option '--hub <url>' not specified\n$/],
  [['agent', '--hub', 'x', '--interval', '1x'], /^nowcast: .*Write for example 1s or 5m\.\n$/],
  [['agent', '--hub', 'ftp://x'], /^nowcast: not the URL of a hub: "ftp:\/\/x"; .*\(bad-url\)\n$/],
  [['tail', '--hub', 'ftp://x'], /^nowcast: not the URL of a hub.*\n$/],
  [['tail', 'a', 'b'], /^nowcast: too many arguments .*\n$/],
  [['store', 'inf'], /^nowcast: unknown command 'inf' .*\n$/],
  [
    ['store', 'info', '--data', '/nowhere'],
    /^nowcast: there is no store in .*\(store-unreadable\)\n$/,
  ],
  [['store', 'export', '--match', '{'], /^nowcast: .*\(bad-query\)\n$/],
  [['store', 'export', '--start', 'soon'], /^nowcast: .* Write for example 2026-01-31T10:00.*\n$/],
])('%j: one line on standard error and exit code 2', async (args, line) => {
  const { code, stdout, stderr } = await outcomeOf(...args);
  expect(stderr).toMatch(line);
  expect([code, stdout]).toEqual([2, '']);
});

it('without a command shows what there is', async () => {
  const { code, stderr } = await outcomeOf();
  expect(code).toBe(2);
  expect(stderr).toMatch(/up .*\n +agent .*\n +tail /);
});

it.each(['up', 'agent', 'tail', 'store'])('%s --help shows examples', async (name) => {
  const { code, stdout } = await outcomeOf(name, '--help');
  expect(code).toBe(0);
  expect(stdout).toContain(`Examples:\n  nowcast ${name}`);
});

it('tells its version', async () => {
  expect(await outcomeOf('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});
