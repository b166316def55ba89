/** Whatever the files hold, a pass ends, and other collectors keep their values. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '@nowcast/std/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sampler } from '../sampler.ts';
import { Follower, sampleOnce } from '../testing/snapshot.ts';
import { linuxCollectors } from './registry.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/machine', import.meta.url));

class FixtureCopy implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'nowcast-agent-'));
  readonly files: readonly string[];

  constructor() {
    cpSync(FIXTURE, this.root, { recursive: true, verbatimSymlinks: true });
    this.files = filesBelow(this.root);
  }

  get paths() {
    return {
      procPath: join(this.root, 'proc'),
      sysPath: join(this.root, 'sys'),
      rootPath: this.root,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

test('the checked-in machine gives no failure', () => {
  using copy = new FixtureCopy();
  const failed = [...sampleOnce(linuxCollectors, copy.paths).values()]
    .filter(([labels, value]) => labels.startsWith('node_scrape_collector_success') && value !== 1)
    .map(([labels]) => labels);
  expect(failed).toEqual([]);
});

test('truncated and garbage files never break a tick', () => {
  using copy = new FixtureCopy();
  const original = new Map(copy.files.map((path) => [path, readFileSync(path)]));
  const clock = new FakeClock();
  const sink = new Follower();
  const sampler = new Sampler({ clock, sink, collectors: linuxCollectors, paths: copy.paths });
  sampler.start();
  const damage = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400) }),
    fc.record({ kind: fc.constant('garbage' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...copy.files), damage, (path, how) => {
      const bytes = original.get(path) as Buffer;
      writeFileSync(path, how.kind === 'cut' ? bytes.subarray(0, how.at) : how.bytes);
      const ticks = sink.batches.length;
      clock.advance(31_000);
      expect(sink.batches.length).toBe(ticks + 31);
      writeFileSync(path, bytes);
    }),
    { numRuns: 30 },
  );
  clock.advance(61_000);
  expect(sink.values().get('node_load1')).toBeDefined();
  expect(
    sink.values().get('node_hwmon_temp_celsius{chip="platform_coretemp_0", sensor="temp1"}'),
  ).toBe(55);
  sampler.stop();
});

test('files that vanish end their series and count as failures', () => {
  using copy = new FixtureCopy();
  const clock = new FakeClock();
  const sink = new Follower();
  const sampler = new Sampler({ clock, sink, collectors: linuxCollectors, paths: copy.paths });
  sampler.start();
  rmSync(join(copy.root, 'sys', 'class', 'thermal', 'thermal_zone0'), { recursive: true });
  clock.advance(31_000);
  const names = [...sink.values().keys()];
  expect(names.some((name) => name.startsWith('node_thermal_zone_temp'))).toBe(false);
  expect(names.some((name) => name.startsWith('node_cooling_device'))).toBe(true);
  sampler.stop();
});
