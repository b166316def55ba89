/**
 * Side by side with Debian's node_exporter 1.5: each of its series is here with the same type and value,
 * once on checked-in files, where values must be equal, and once on the running machine, where ours must
 * lie between its readings before and after, or near them for gauges that go up and down.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Exposition } from '../testing/exposition.ts';
import { hasNodeExporter, NodeExporter } from '../testing/node-exporter.ts';
import { sampleOnce, type Follower } from '../testing/snapshot.ts';
import { linuxCollectors } from './registry.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/machine', import.meta.url));

/** The table of differences in README.md gives the reasons. */
const NOT_HERE = /^node_(exporter_build_info|textfile_|scrape_collector_|timex_)/;
/** Asked of the kernel by netlink or system call, whatever the path flags say. */
const NOT_FROM_FILES = /^node_(uname_info|network_receive_nohandler_total|time_|filesystem_)/;

/** Gauges that move between two readings, with what they may move: a part of the value, or so much. */
const MOVING: readonly { readonly name: RegExp; readonly part: number; readonly by: number }[] = [
  { name: /^node_memory_/, part: 0.25, by: 512 * 1024 * 1024 },
  { name: /^node_filesystem_/, part: 0.01, by: 512 * 1024 * 1024 },
  { name: /^node_filefd_allocated$/, part: 0.5, by: 2000 },
  { name: /^node_procs_/, part: 0, by: 200 },
  {
    name: /^node_(sockstat_|udp_queues|nf_conntrack_|arp_|netstat_Tcp_CurrEstab)/,
    part: 1,
    by: 500,
  },
  { name: /^node_(disk_io_now|load\d+|entropy_available_bits)$/, part: 0, by: 256 },
];

function valuesByKey(follower: Follower): Map<string, number> {
  return new Map([...follower.current].map(([ref, value]) => [follower.labelsOf(ref).key, value]));
}

function typesByName(follower: Follower): Map<string, string> {
  return new Map(
    [...follower.definitions.values()].map(({ labels, type }) => [labels.metric, type]),
  );
}

interface Sides {
  readonly before: Exposition;
  readonly ours: Follower;
  readonly after: Exposition;
  readonly skip: (name: string) => boolean;
}

function differences({ before, ours, after, skip }: Sides): readonly string[] {
  const values = valuesByKey(ours);
  const types = typesByName(ours);
  const found: string[] = [];
  for (const [key, labels] of after.labels) {
    const name = labels.metric;
    if (!name.startsWith('node_') || NOT_HERE.test(name) || skip(name)) continue;
    // What appeared between the two readings may have been missed by ours.
    if (!before.values.has(key)) continue;
    const value = values.get(key);
    const type = after.types.get(name) === 'untyped' ? 'unknown' : after.types.get(name);
    if (value === undefined) found.push(`${String(labels)} is missing`);
    else if (types.get(name) !== type) found.push(`${name} is a ${types.get(name)}, not a ${type}`);
    else if (!isBetween(name, value, [before.values.get(key), after.values.get(key)]))
      found.push(
        `${String(labels)}: ${before.values.get(key)} ≤ ${value} ≤ ${after.values.get(key)}`,
      );
  }
  return found;
}

function isBetween(
  name: string,
  value: number,
  [before = NaN, after = NaN]: readonly (number | undefined)[],
): boolean {
  const low = Math.min(before, after);
  const high = Math.max(before, after);
  if (value >= low && value <= high) return true;
  const moving = MOVING.find((one) => one.name.test(name));
  if (moving === undefined) return false;
  const slack = Math.max(moving.by, Math.abs(high) * moving.part);
  return value >= low - slack && value <= high + slack;
}

const withNodeExporter = test.skipIf(!hasNodeExporter());

withNodeExporter('on checked-in files: every series, the same type, the same value', async () => {
  await using exporter = await NodeExporter.start([
    `--path.procfs=${FIXTURE}/proc`,
    `--path.sysfs=${FIXTURE}/sys`,
    `--path.rootfs=${FIXTURE}`,
    `--path.udev.data=${FIXTURE}/run/udev/data`,
    '--no-collector.netdev.netlink',
  ]);
  const theirs = await exporter.scrape();
  const ours = sampleOnce(linuxCollectors, {
    procPath: `${FIXTURE}/proc`,
    sysPath: `${FIXTURE}/sys`,
    rootPath: FIXTURE,
  });
  const skip = (name: string): boolean => NOT_FROM_FILES.test(name);
  expect(differences({ before: theirs, ours, after: theirs, skip })).toEqual([]);
});

withNodeExporter('on this machine: every series, the same type, a value in between', async () => {
  await using exporter = await NodeExporter.start();
  const before = await exporter.scrape();
  const ours = sampleOnce(linuxCollectors);
  const after = await exporter.scrape();
  expect(differences({ before, ours, after, skip: () => false })).toEqual([]);
});
