import type { CollectorModule } from '../collector.ts';
import { KeyedRows } from '../keyed-rows.ts';
import type { Slot } from '../series-group.ts';

const WANTED = /^(oom_kill|pgpg|pswp|pg.*fault).*/;

/** Paging, swapping and out-of-memory kills, from `/proc/vmstat`. */
export const vmstat: CollectorModule = {
  name: 'vmstat',
  create(host, series) {
    const file = host.proc('vmstat');
    const rows = new KeyedRows<Slot | null>({
      create: (key) =>
        WANTED.test(key)
          ? series.define({
              name: `node_vmstat_${key}`,
              type: 'unknown',
              help: `${key} in /proc/vmstat.`,
            })
          : null,
    });
    return {
      collect() {
        const scan = file.scan();
        rows.begin();
        while (!scan.atEnd) {
          if (scan.token()) {
            const slot = rows.at(scan);
            if (slot !== null && slot !== undefined) series.set(slot, scan.number());
          }
          scan.nextLine();
        }
      },
    };
  },
};
