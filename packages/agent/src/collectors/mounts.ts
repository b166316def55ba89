/** The table of mounts, without what holds no data of its own. */
export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readonly: boolean;
}

/** As Debian's node_exporter leaves them out. */
const TYPES_EXCLUDED =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;
const POINTS_EXCLUDED =
  /^\/(dev|proc|run|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
/** Debian's leaves these out as a whole; disks that people mount there do fill up. */
const POINTS_OF_PEOPLE = /^\/(mnt|media)($|\/)/;
const BACKED_BY_DEVICE = /^(\/|[^/]+:\/)/;

/** Reads `/proc/mounts`: device, mount point, type and options, blanks written as octal escapes. */
export function parseMounts(text: string): readonly Mount[] {
  const seen = new Set<string>();
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [device, point, fstype, options] = line.split(' ');
    if (!device || !point || !fstype || options === undefined) continue;
    const mount: Mount = {
      device: unescape(device),
      mountpoint: unescape(point),
      fstype,
      readonly: options.split(',').includes('ro'),
    };
    const key = `${device}\n${point}\n${fstype}`;
    if (isExcluded(mount) || seen.has(key)) continue;
    seen.add(key);
    mounts.push(mount);
  }
  return mounts;
}

function isExcluded({ device, mountpoint, fstype }: Mount): boolean {
  if (TYPES_EXCLUDED.test(fstype) || POINTS_EXCLUDED.test(mountpoint)) return true;
  return POINTS_OF_PEOPLE.test(mountpoint) && !BACKED_BY_DEVICE.test(device);
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
