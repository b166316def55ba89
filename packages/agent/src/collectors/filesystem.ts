/**
 * Space and inodes of mounted file systems. A network file system whose server is gone would block the
 * caller for minutes: those are asked in the background, and one that does not answer within
 * `STUCK_MS` counts as failed until it does.
 */
import { statfs as statfsLater, statfsSync, type StatsFs } from 'node:fs';
import type { CollectorModule } from '../collector.ts';
import type { Host } from '../host.ts';
import { gauge, type SeriesGroup, type Slot } from '../series-group.ts';
import { parseMounts, type Mount } from './mounts.ts';

const METRICS = {
  size: gauge('node_filesystem_size_bytes', 'Size of the file system.'),
  free: gauge('node_filesystem_free_bytes', 'Free space.'),
  avail: gauge('node_filesystem_avail_bytes', 'Free space that ordinary users may fill.'),
  files: gauge('node_filesystem_files', 'Inodes.'),
  filesFree: gauge('node_filesystem_files_free', 'Free inodes.'),
  readonly: gauge('node_filesystem_readonly', 'Whether it is mounted read-only.'),
  error: gauge('node_filesystem_device_error', 'Whether it could not be asked for its space.'),
} as const;

const NETWORK_TYPES =
  /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|afs|9p|ncpfs|beegfs|gpfs|fuse(\..*)?)$/;
const STUCK_MS = 5_000;
const NETWORK_EVERY_MS = 5_000;
const MOUNTS_MAX = 512;

export const filesystem: CollectorModule = {
  name: 'filesystem',
  create(host, series) {
    const files = [host.proc('1/mounts'), host.proc('self/mounts')] as const;
    const mounted = new Map<string, MountedFilesystem>();
    let table: Buffer = Buffer.from('unread');
    return {
      collect(nowMs) {
        // The first is the whole machine's, the second what a container or a locked-down user sees.
        const scan = files[0].tryScan() ?? files[1].scan();
        const { bytes, length } = scan;
        if (table.length !== length || bytes.compare(table, 0, length, 0, length) !== 0) {
          table = Buffer.from(bytes.subarray(0, length));
          follow(parseMounts(table.toString()).slice(0, MOUNTS_MAX));
        }
        for (const one of mounted.values()) one.sample(nowMs);
      },
    };

    function follow(mounts: readonly Mount[]): void {
      const seen = new Set<string>();
      for (const mount of mounts) {
        const key = `${mount.device}\n${mount.fstype}\n${mount.mountpoint}`;
        const one = mounted.get(key) ?? new MountedFilesystem(host, series, mount);
        one.isReadonly = mount.readonly;
        mounted.set(key, one);
        seen.add(key);
      }
      for (const [key, one] of mounted) {
        if (seen.has(key)) continue;
        one.close();
        mounted.delete(key);
      }
    }
  },
};

class MountedFilesystem {
  readonly #series: SeriesGroup;
  readonly #slots: Readonly<Record<keyof typeof METRICS, Slot>>;
  readonly #path: string;
  readonly #isRemote: boolean;
  /** May change while it stays mounted. */
  isReadonly = false;
  #stats: StatsFs | undefined;
  #askedAtMs = -Infinity;
  #isAsking = false;

  constructor(host: Host, series: SeriesGroup, mount: Mount) {
    const { device, fstype, mountpoint } = mount;
    this.#series = series;
    this.#slots = Object.fromEntries(
      Object.entries(METRICS).map(([key, spec]) => [
        key,
        series.define(spec, { device, fstype, mountpoint }),
      ]),
    ) as Record<keyof typeof METRICS, Slot>;
    this.#path = host.rootPath(mountpoint);
    this.#isRemote = NETWORK_TYPES.test(fstype);
  }

  sample(nowMs: number): void {
    const stats = this.#isRemote ? this.#statsRemote(nowMs) : this.#statsNow();
    this.#series.set(this.#slots.error, stats === undefined ? 1 : 0);
    if (stats === undefined) return;
    const { bsize } = stats;
    this.#series.set(this.#slots.size, stats.blocks * bsize);
    this.#series.set(this.#slots.free, stats.bfree * bsize);
    this.#series.set(this.#slots.avail, stats.bavail * bsize);
    this.#series.set(this.#slots.files, stats.files);
    this.#series.set(this.#slots.filesFree, stats.ffree);
    this.#series.set(this.#slots.readonly, this.isReadonly ? 1 : 0);
  }

  close(): void {
    for (const slot of Object.values(this.#slots)) this.#series.release(slot);
  }

  #statsNow(): StatsFs | undefined {
    try {
      return statfsSync(this.#path);
    } catch {
      return undefined;
    }
  }

  #statsRemote(nowMs: number): StatsFs | undefined {
    const sinceMs = Math.abs(nowMs - this.#askedAtMs);
    if (this.#isAsking) return sinceMs < STUCK_MS ? this.#stats : undefined;
    if (sinceMs >= NETWORK_EVERY_MS) {
      this.#isAsking = true;
      this.#askedAtMs = nowMs;
      statfsLater(this.#path, (error, stats) => {
        this.#isAsking = false;
        this.#stats = error ? undefined : stats;
      });
    }
    return this.#stats;
  }
}
