/** What udev has written down about a disk when it appeared: model, serial number, file system, mapping. */
import type { LabelRecord } from '@nowcast/model';
import type { Host } from '../host.ts';
import { gauge, type MetricSpec } from '../series-group.ts';

const DISK_INFO = gauge('node_disk_info', 'Identity of a disk; always 1.');
const FILESYSTEM_INFO = gauge(
  'node_disk_filesystem_info',
  'File system directly on a disk; always 1.',
);
const MAPPER_INFO = gauge('node_disk_device_mapper_info', 'What a mapped disk is; always 1.');

export interface InfoMetric {
  readonly spec: MetricSpec;
  readonly labels: LabelRecord;
}

export interface DiskIdentity {
  readonly device: string;
  readonly major: number;
  readonly minor: number;
}

export function diskInfos(host: Host, identity: DiskIdentity): readonly InfoMetric[] {
  const { device } = identity;
  const major = String(identity.major);
  const minor = String(identity.minor);
  const udev = udevProperties(host, `${major}:${minor}`);
  const property = (...names: string[]): string =>
    names.map((name) => udev.get(name) ?? '').find((value) => value !== '') ?? '';
  const infos: InfoMetric[] = [
    {
      spec: DISK_INFO,
      labels: {
        device,
        major,
        minor,
        path: property('ID_PATH'),
        wwn: property('ID_WWN'),
        model: property('ID_MODEL'),
        serial: property('SCSI_IDENT_SERIAL', 'ID_SERIAL_SHORT'),
        revision: property('ID_REVISION'),
      },
    },
  ];
  if (property('ID_FS_TYPE') !== '')
    infos.push({
      spec: FILESYSTEM_INFO,
      labels: {
        device,
        type: property('ID_FS_TYPE'),
        usage: property('ID_FS_USAGE'),
        uuid: property('ID_FS_UUID'),
        version: property('ID_FS_VERSION'),
      },
    });
  if (property('DM_NAME') !== '')
    infos.push({
      spec: MAPPER_INFO,
      labels: {
        device,
        name: property('DM_NAME'),
        uuid: property('DM_UUID'),
        vg_name: property('DM_VG_NAME'),
        lv_name: property('DM_LV_NAME'),
        lv_layer: property('DM_LV_LAYER'),
      },
    });
  return infos;
}

function udevProperties(host: Host, devNumber: string): Map<string, string> {
  const text = host.rootText(`/run/udev/data/b${devNumber}`) ?? '';
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const parts = /^E:([^=]+)=(.*)$/.exec(line);
    if (parts) found.set(parts[1] as string, parts[2] as string);
  }
  return found;
}
