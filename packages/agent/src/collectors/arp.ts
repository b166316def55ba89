import type { CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { gauge, type Slot } from '../series-group.ts';

const ENTRIES = gauge('node_arp_entries', 'Neighbours in the ARP table, by device.');

interface Device {
  readonly slot: Slot;
  count: number;
}

/** Entries of the ARP table by device, from `/proc/net/arp`. */
export const arp: CollectorModule = {
  name: 'arp',
  create(host, series) {
    const file = host.proc('net/arp');
    const devices = new Map<string, Device>();
    // Keyed by line: most machines have one device, so the expected row nearly always fits.
    const rows = new KeyedRows<Device>({
      create(device) {
        const created = { slot: series.define(ENTRIES, { device }), count: 0 };
        devices.set(device, created);
        return created;
      },
    });
    return {
      collect() {
        const scan = file.scan();
        rows.begin();
        for (const device of devices.values()) device.count = 0;
        for (scan.nextLine(); !scan.atEnd; scan.nextLine()) {
          scan.skipTokens(5);
          const device = scan.token() ? rows.at(scan) : undefined;
          if (device !== undefined) device.count++;
        }
        for (const { slot, count } of devices.values()) if (count > 0) series.set(slot, count);
      },
    };
  },
};
