/** File systems that hold nobody's files: they are full by nature, or in memory. */
const PSEUDO_TYPES: ReadonlySet<string> = new Set([
  'tmpfs',
  'devtmpfs',
  'ramfs',
  'rootfs',
  'squashfs',
  'iso9660',
  'erofs',
  'efivarfs',
  'fuse.lxcfs',
]);

/** @param type label `fstype` */
export function holdsFiles(type: string): boolean {
  return !PSEUDO_TYPES.has(type);
}
