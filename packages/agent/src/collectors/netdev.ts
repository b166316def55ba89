/** Traffic by network device, from `/proc/net/dev`. The loopback device is left out. */
import type { CollectorModule } from '../collector.ts';
import { NumberAttribute } from '../devices.ts';
import type { Host } from '../host.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { counter, type SeriesGroup, type Slot } from '../series-group.ts';

const EXCLUDED = /^lo$/;
/** In the order of the columns. */
const COLUMNS = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map(
    (field) => `receive_${field}`,
  ),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map(
    (field) => `transmit_${field}`,
  ),
];
const COLON = 58;
const HEADER_LINES = 2;

interface Device {
  readonly columns: readonly Slot[];
  /** Only sysfs and netlink tell it. */
  readonly nohandler: NumberAttribute;
}

export const netdev: CollectorModule = {
  name: 'netdev',
  create(host, series) {
    const file = host.proc('net/dev');
    const devices = new Set<Device>();
    const rows = new KeyedRows<Device | null>({
      create(device) {
        if (EXCLUDED.test(device)) return null;
        const created = createDevice(host, series, device);
        devices.add(created);
        return created;
      },
      drop(device) {
        if (device === null) return;
        devices.delete(device);
        for (const slot of device.columns) series.release(slot);
        device.nohandler.close();
      },
    });
    return {
      collect(nowMs) {
        const scan = file.scan();
        rows.begin();
        for (let line = 0; line < HEADER_LINES; line++) scan.nextLine();
        while (!scan.atEnd) {
          const device = scan.token(COLON) ? rows.at(scan) : undefined;
          if (device) for (const slot of device.columns) series.set(slot, scan.number());
          scan.nextLine();
        }
        for (const device of devices) device.nohandler.sample(nowMs);
      },
    };
  },
};

function createDevice(host: Host, series: SeriesGroup, device: string): Device {
  const define = (field: string): Slot =>
    series.define(counter(`node_network_${field}_total`, `Network device: ${field}.`), { device });
  return {
    columns: COLUMNS.map(define),
    nohandler: new NumberAttribute(host.sys(`class/net/${device}/statistics/rx_nohandler`), {
      series,
      slot: define('receive_nohandler'),
    }),
  };
}
