/**
 * What counts as a file system and how full it is: one answer for the health conditions, the overview and the page. It
 * is the answer `df` gives. What is reserved for root counts neither as used nor as free.
 */
export interface FileSystemSpace {
  readonly sizeBytes: number;
  /** Free for root; NaN where unknown. */
  readonly freeBytes: number;
  /** Free for everybody else. */
  readonly availableBytes: number;
}

export interface MountedDevice {
  readonly device: string;
  readonly mountpoint: string;
}

/** They hold nobody's files: full by nature, in memory, or a view of something else. */
const PSEUDO_TYPES: ReadonlySet<string> = new Set([
  'tmpfs',
  'devtmpfs',
  'ramfs',
  'rootfs',
  'squashfs',
  'cramfs',
  'erofs',
  'iso9660',
  'efivarfs',
  'overlay',
  'fuse.lxcfs',
  'fuse.portal',
  'fuse.gvfsd-fuse',
]);

/** @param type label `fstype` of `node_filesystem_…` */
export function holdsFiles(type: string): boolean {
  return !PSEUDO_TYPES.has(type);
}

/** Share in use as `df` counts it, 0 to 1: used / (used + available). NaN for a file system without size. */
export function usedShare(space: FileSystemSpace): number {
  const usedBytes = used(space);
  return space.sizeBytes > 0 ? usedBytes / (usedBytes + space.availableBytes) : NaN;
}

/** What `usedShare` leaves of 1. */
export function freeShare(space: FileSystemSpace): number {
  const { sizeBytes, availableBytes } = space;
  return sizeBytes > 0 ? availableBytes / (used(space) + availableBytes) : NaN;
}

/** A device that is mounted in several places, as in containers, stands once, at its shortest path. */
export function oncePerDevice<T extends MountedDevice>(mounts: Iterable<T>): T[] {
  const chosen = new Map<string, T>();
  for (const mount of mounts) {
    // Names without a slash are no devices: `none`, `tmpfs`, a pool.
    const isDevice = mount.device.includes('/');
    const key = isDevice ? mount.device : `${mount.device}\n${mount.mountpoint}`;
    const known = chosen.get(key);
    if (known === undefined || isBefore(mount.mountpoint, known.mountpoint)) chosen.set(key, mount);
  }
  return [...chosen.values()];
}

function used({ sizeBytes, freeBytes, availableBytes }: FileSystemSpace): number {
  return sizeBytes - (Number.isNaN(freeBytes) ? availableBytes : freeBytes);
}

function isBefore(a: string, b: string): boolean {
  return a.length < b.length || (a.length === b.length && a < b);
}
