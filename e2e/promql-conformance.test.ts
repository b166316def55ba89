/** Prometheus's own scripts, where they lie beside this checkout: all that its stable language does, over HTTP. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const rig = path('../../shared/conformance/promql/run.mjs');
const server = path('../bin/nowcast');

describe.skipIf(!existsSync(rig))(
  'Prometheus’s scripts (skipped without ../shared/conformance)',
  () => {
    test.each([
      ['core', '98%'],
      ['stable', '95%'],
    ])('profile %s', async (profile, min) => {
      const command = `'${process.execPath}' '${server}' up --port {port} --data {dir} --no-agent`;
      const args = ['--start-cmd', command, '--isolate', 'time', '--profile', profile];
      const options = [...args, '--range-check', '--verbose', '--min', min];
      const run = promisify(execFile)(process.execPath, [rig, ...options], { maxBuffer: 1 << 26 });
      const { stdout } = await run.catch((error: { stdout: string }) => {
        throw new Error(error.stdout);
      });
      expect(stdout).toMatch(/promql: \d+\/\d+ evals pass/);
    });
  },
);
