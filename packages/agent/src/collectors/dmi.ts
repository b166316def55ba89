import { noData, type CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';
import { constantCollector } from './constant-info.ts';

const INFO = gauge('node_dmi_info', 'What the firmware says of the machine; always 1.');
/** Label by file where they differ. */
const FILES: Readonly<Record<string, string>> = {
  bios_date: 'bios_date',
  bios_release: 'bios_release',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  product_family: 'product_family',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_sku: 'product_sku',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  sys_vendor: 'system_vendor',
};
const CLASS = 'class/dmi/id';

/** Make and model of the machine, from its firmware. */
export const dmi: CollectorModule = {
  name: 'dmi',
  create(host, series) {
    return constantCollector(series, () => {
      const names = new Set(host.sysNames(CLASS));
      if (names.size === 0) throw noData('/sys/class/dmi/id');
      const labels: Record<string, string> = {};
      for (const [file, label] of Object.entries(FILES))
        if (names.has(file)) labels[label] = host.sysText(`${CLASS}/${file}`) ?? '';
      return [{ spec: INFO, labels }];
    });
  },
};
